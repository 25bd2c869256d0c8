"""Write down every number, table and caption that the manuscript shows."""

from scaling import provenance, records
from scaling.analysis import manuscript

with provenance.recorded(snakemake):
    claims = records.read_table(snakemake.input.claims)
    laws = {
        name: records.read_table(path) for name, path in zip(snakemake.params.laws, snakemake.input.laws, strict=True)
    }
    records.write_json(manuscript.numbers(claims, laws, snakemake.params.figures), snakemake.output.numbers)
