"""Answer a question about some tables with a table."""

from scaling import provenance, records, registry

with provenance.recorded(snakemake):
    tables = {key: records.read_table(path) for key, path in zip(snakemake.params.tables, snakemake.input, strict=True)}
    answer = snakemake.params.answer
    question = registry.load("tables", answer["name"])
    records.write_table(question.tabulate(answer, tables), snakemake.output.table, question.COLUMNS)
