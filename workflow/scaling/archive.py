"""All results of a size in one zip file, with a manifest: to be kept, cited, and built upon without training.

`manifest.json` names the size, the commit, the configuration and the sha256 of each file. Two archives of the same
results are equal to the byte.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scaling.files import atomic
from scaling.provenance import SIDECAR, digest

MANIFEST = "manifest.json"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def pack(archive: Path, root: Path, paths: Iterable[Path], about: Mapping[str, Any]) -> None:
    """Write files, by their places under `root`, and the manifest, which says `about` what they are of."""
    places = {str(path.relative_to(root)): path for path in sorted(paths)}
    manifest = {**about, "files": {place: digest(path) for place, path in places.items()}}
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    with atomic(archive) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(MANIFEST, FIRST_DAY), text)
        for place, path in places.items():
            packed.writestr(zipfile.ZipInfo(place, FIRST_DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)


def manifest(archive: Path) -> dict[str, Any]:
    """What an archive says of itself. Raises ValueError, one line, when it is none."""
    try:
        with zipfile.ZipFile(archive) as packed:
            return dict(json.loads(packed.read(MANIFEST)))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        reason = str(error).strip("'\"") or type(error).__name__
        raise ValueError(
            f"{archive}: found no archive ({reason}); allowed: a file that `snakemake archive` made"
        ) from None


def restore(archive: Path, root: Path, places: Iterable[str]) -> None:
    """Write some files of an archive to their places under `root`; sidecars of what was there before are removed.

    Raises ValueError, one line, for a place that the archive does not hold, or whose content is damaged.
    """
    expected = manifest(archive)["files"]
    with zipfile.ZipFile(archive) as packed:
        for place in places:
            if place not in expected:
                raise ValueError(f"{archive}: found no {place}; it was packed from another size or configuration")
            try:
                content = packed.read(place)
            except zipfile.BadZipFile:
                content = b""
            if hashlib.sha256(content).hexdigest() != expected[place]:
                raise ValueError(f"{archive}: found {place} damaged; get the archive again")
            with atomic(root / place) as path:
                path.write_bytes(content)
            (root / place).with_suffix(SIDECAR).unlink(missing_ok=True)
