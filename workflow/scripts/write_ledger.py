"""Put the claims of all papers into one ledger, as a table and as a page to read."""

import pandas as pd

from scaling import ledger_page, provenance, records

with provenance.recorded(snakemake):
    claims = pd.concat([records.read_table(path) for path in snakemake.input], ignore_index=True)
    records.write_table(claims, snakemake.output.table, sort_by=["paper", "id"])
    with records.atomic(snakemake.output.page) as path:
        path.write_text(ledger_page.html(claims.sort_values(["paper", "id"])), encoding="utf-8")
