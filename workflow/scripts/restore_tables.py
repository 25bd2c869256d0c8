"""Take the tables that cost hours from an archive."""

from pathlib import Path

from scaling import archive, provenance

with provenance.recorded(snakemake):
    archive.restore(Path(snakemake.input.archive), Path.cwd(), snakemake.output.tables)
