"""Write the page of this run: findings, claims with the way to their code and data, figures, and what it took."""

from scaling import files, provenance, records
from scaling.page import contents, pictures, rendered

with provenance.recorded(snakemake):
    about, inputs = snakemake.params, snakemake.input
    shown = contents.contents(
        about.config,
        records.read_table(inputs.ledger),
        provenance.jobs(list(inputs)),
        about.captions,
        {name: pictures.pixels(path) for name, path in zip(about.captions, inputs.figures, strict=True)},
        {size: records.read_table(path) for size, path in zip(about.others, inputs.others, strict=True)},
        about.images,
        about.origin,
    )
    with files.atomic(snakemake.output.page) as path:
        path.write_text(rendered.html(shown), encoding="utf-8")
