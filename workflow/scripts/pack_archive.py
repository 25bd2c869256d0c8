"""Pack results of this size into one file."""

from pathlib import Path

from scaling import archive, provenance

with provenance.recorded(snakemake):
    root = Path.cwd()
    paths = {root / path for path in snakemake.input}
    if snakemake.params.sidecars == "of all results":
        sidecars = (root / Path(snakemake.output.archive).parent).glob("**/*.provenance.json")
    else:
        sidecars = (path for table in paths for path in table.parent.glob("*.provenance.json"))
    paths |= set(sidecars)
    about = {"size": snakemake.params.size, "commit": provenance.commit(), "config": snakemake.params.config}
    archive.pack(Path(snakemake.output.archive), root, paths - {root / snakemake.output.sidecar}, about)
