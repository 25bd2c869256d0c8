"""Make the curves that laws are fitted to: one row per point, with curve, x and y."""

from pathlib import Path

from scaling import provenance, records, registry

with provenance.recorded(snakemake):
    source = snakemake.params.settings["source"]
    points = registry.load("curves", source["name"]).points(source, [Path(path) for path in snakemake.input])
    records.write_table(points, snakemake.output.table, sort_by=["curve", "x", "seed"])
