"""Draw one figure: PDF, PNG and the numbers behind it."""

from scaling import columns, files, provenance, records, registry, style
from scaling.style import emptiness

with provenance.recorded(snakemake):
    tables = {key: records.read_table(path) for key, path in zip(snakemake.params.tables, snakemake.input, strict=True)}
    emptiness.check(snakemake.wildcards.entry, tables)
    with style.publication():
        draw = registry.load("figures", snakemake.wildcards.entry).draw
        figure, numbers = draw(tables, **snakemake.params.marks)
        for path in (snakemake.output.pdf, snakemake.output.png):
            with files.atomic(path) as temporary:
                style.save(figure, temporary)
    records.write_table(numbers, snakemake.output.numbers, columns.of_figure(snakemake.wildcards.entry))
