"""Solve a theory on the grid that the configuration names."""

import pandas as pd

from scaling import provenance, records, registry

with provenance.recorded(snakemake):
    grid = snakemake.params.settings["solve"]
    columns = registry.load("theory", grid["name"]).tabulate(grid)
    table = pd.DataFrame({"source": "theory", "experiment": snakemake.wildcards.entry, **columns})
    records.write_table(table, snakemake.output.table, sort_by=list(columns))
