"""Fit a law to every curve of a table, with intervals."""

from scaling import provenance, records
from scaling.analysis import fitted_laws
from scaling.analysis.fitted_laws import PARAMETER_COLUMNS, PREDICTION_COLUMNS

with provenance.recorded(snakemake):
    points = records.read_table(snakemake.input.points)
    fitted = fitted_laws.fit_all(points, snakemake.params.settings)
    records.write_table(
        fitted.parameters, snakemake.output.parameters, PARAMETER_COLUMNS, sort_by=["curve", "parameter"]
    )
    records.write_table(fitted.predictions, snakemake.output.predictions, PREDICTION_COLUMNS, sort_by=["curve", "x"])
    records.write_json(fitted.record, snakemake.output.record)
