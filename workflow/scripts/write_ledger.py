"""Put the claims of all papers into one ledger: by paper, then as configured."""

import pandas as pd

from scaling import provenance, records
from scaling.ledger import verdicts

with provenance.recorded(snakemake):
    claims = pd.concat([records.read_table(path) for path in snakemake.input], ignore_index=True)
    claims = claims.sort_values("paper", kind="stable", ignore_index=True)
    records.write_table(claims, snakemake.output.table, verdicts.COLUMNS)
