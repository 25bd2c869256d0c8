"""Put the measurements of an experiment's jobs into one table."""

import pandas as pd

from scaling import provenance, records
from scaling.training.cells import TOLD_APART_BY
from scaling.training.recorded import COLUMNS

with provenance.recorded(snakemake):
    rows = pd.concat([records.read_table(path) for path in snakemake.input], ignore_index=True)
    records.write_table(rows, snakemake.output.table, COLUMNS, sort_by=TOLD_APART_BY)
