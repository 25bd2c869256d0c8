"""Fetch what is published into the cache: image sets and curves."""

import sys
from pathlib import Path

from scaling import registry
from scaling.datasets import DataError
from scaling.datasets._downloads import Wanted, download

folder, cache = snakemake.params.folder, Path(snakemake.params.cache)
wanted = [
    Wanted(name, registry.load(kind, name), cache / kind)
    for kind in ("datasets", "curves")
    for name in registry.names(kind)
    if hasattr(registry.load(kind, name), "ORIGIN")
]
lines: list[str] = []
try:
    download(wanted, Path(folder) if folder else None, lambda line: (lines.append(line), print(line, file=sys.stderr)))
except DataError as error:
    sys.exit(f"downloads: {error}")
finally:
    Path(snakemake.log[0]).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
