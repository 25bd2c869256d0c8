"""Fit a law to every curve of a table, with intervals."""

from scaling import provenance, records
from scaling.analysis import fitted_laws

with provenance.recorded(snakemake):
    points = records.read_table(snakemake.input.points)
    fitted = fitted_laws.fit_all(points, snakemake.params.settings)
    records.write_table(fitted.parameters, snakemake.output.parameters, sort_by=["curve", "parameter"])
    records.write_table(fitted.predictions, snakemake.output.predictions, sort_by=["curve", "x"])
    records.write_json(fitted.record, snakemake.output.record)
