"""Solve a theory, or simulate, on the grid that the configuration names."""

import pandas as pd

from scaling import datasets, provenance, records, registry

with provenance.recorded(snakemake):
    kind, grid = snakemake.params.kind, snakemake.params.grid
    images = [datasets.load(path) for path in snakemake.input]
    plugin = registry.load("tables", grid["name"])
    columns = plugin.tabulate(grid, *images)
    table = pd.DataFrame({"source": kind, "experiment": snakemake.wildcards.entry, **columns})
    declared = {"source": "shared", "experiment": "shared", **plugin.COLUMNS}
    records.write_table(table, snakemake.output.table, declared, sort_by=list(columns))
