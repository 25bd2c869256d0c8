"""Put the claims of all papers into one ledger, as a table and as a page to read: by paper, then as configured."""

import pandas as pd

from scaling import files, provenance, records
from scaling.ledger import page, verdicts

with provenance.recorded(snakemake):
    claims = pd.concat([records.read_table(path) for path in snakemake.input], ignore_index=True)
    claims = claims.sort_values("paper", kind="stable", ignore_index=True)
    records.write_table(claims, snakemake.output.table, verdicts.COLUMNS)
    known = (snakemake.params.tables, snakemake.params.figures, snakemake.params.images)
    with files.atomic(snakemake.output.page) as path:
        path.write_text(page.html(claims, *known, snakemake.params.origin), encoding="utf-8")
