"""Write down every number, table and caption that the manuscript shows."""

from scaling import provenance, records
from scaling.ledger import manuscript

with provenance.recorded(snakemake):
    claims = records.read_table(snakemake.input.claims)
    laws = {
        name: records.read_table(path) for name, path in zip(snakemake.params.laws, snakemake.input.laws, strict=True)
    }
    shown = manuscript.numbers(
        claims, laws, snakemake.params.figures, snakemake.params.studies, snakemake.params.shown_in
    )
    records.write_json(shown, snakemake.output.numbers)
