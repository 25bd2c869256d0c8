"""Put the measurements of an experiment's jobs into one table."""

import pandas as pd

from scaling import provenance, records
from scaling.training.cells import TOLD_APART_BY

with provenance.recorded(snakemake):
    rows = pd.concat([records.read_table(path) for path in snakemake.input], ignore_index=True)
    records.write_table(rows, snakemake.output.table, sort_by=TOLD_APART_BY)
