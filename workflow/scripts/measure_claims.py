"""Measure the claims of one study and give each a verdict."""

from scaling import provenance, records
from scaling.ledger import measures, verdicts

with provenance.recorded(snakemake):
    tables = {
        place: records.read_table(path) for place, path in zip(snakemake.params.tables, snakemake.input, strict=True)
    }
    without = snakemake.params.without
    rows = [
        verdicts.row(name, claim, measures.measured(claim, tables), snakemake.params.size, without.get(name, ""))
        for name, claim in snakemake.params.claims.items()
    ]
    records.write_table(verdicts.table(rows), snakemake.output.table, verdicts.COLUMNS)
