"""Make the curves that laws are fitted to: one row per point, with curve, x and y."""

from pathlib import Path

from scaling import provenance, records, registry
from scaling.curves import COLUMNS

with provenance.recorded(snakemake):
    source = snakemake.params.settings["source"]
    curves = registry.load("curves", source["name"])
    points = curves.points(source, [Path(path) for path in snakemake.input])
    declared = {**COLUMNS, **getattr(curves, "COLUMNS", {})}
    records.write_table(points, snakemake.output.table, declared, sort_by=["curve", "x", "seed"])
