"""Pack all results of this size into one file."""

from pathlib import Path

from scaling import archive, provenance

with provenance.recorded(snakemake):
    root = Path.cwd()
    folder = root / Path(snakemake.output.archive).parent
    paths = {root / path for path in snakemake.input} | set(folder.glob("**/*.provenance.json"))
    about = {"size": snakemake.params.size, "commit": provenance.commit(), "config": snakemake.params.config}
    archive.pack(Path(snakemake.output.archive), root, paths - {root / snakemake.output.sidecar}, about)
