"""All results of a size in one zip file, with a manifest: to be kept, cited, and built upon without training.

`manifest.json` names the size, the commit, the configuration and the sha256 of each file. Two archives of the same
results are equal to the byte.
"""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scaling.files import atomic
from scaling.provenance import SIDECAR, digest, write_sidecar

MANIFEST = "manifest.json"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
MOST_OF_MANIFEST, MOST_OF_FILE = 50_000_000, 4_000_000_000  # bytes
SECTIONS = ("datasets", "training", "theory", "simulation", "curves")  # whose entries archives may give back
DAMAGED = (
    *(OSError, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError),  # RuntimeError: encrypted, too deep
    *(zipfile.BadZipFile, zlib.error, struct.error),
)


def pack(archive: Path, root: Path, paths: Iterable[Path], about: Mapping[str, Any]) -> None:
    """Write files, by their places under `root`, and the manifest, which says `about` what they are of."""
    places = {str(path.relative_to(root)): path for path in sorted(paths)}
    manifest = {**about, "files": {place: digest(path) for place, path in places.items()}}
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    with atomic(archive) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(MANIFEST, FIRST_DAY), text, zipfile.ZIP_DEFLATED)
        for place, path in places.items():
            packed.writestr(zipfile.ZipInfo(place, FIRST_DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)


def manifest(archive: Path) -> dict[str, Any]:
    """What an archive says of itself. Raises ValueError, one line, when it is none."""
    try:
        with zipfile.ZipFile(archive) as packed:
            content = json.loads(_member(packed, MANIFEST, MOST_OF_MANIFEST))
        if not _is_manifest(content):
            raise ValueError("its manifest is another")
        return {"config": {}, **content}
    except DAMAGED as error:
        reason = " ".join(str(error).strip("'\"").split()) or type(error).__name__
        raise ValueError(
            f"{archive}: found no archive ({reason}); allowed: a file that `snakemake archive` made"
        ) from None


def _member(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of an archive. Raises one of DAMAGED, also where it is bigger than any that is packed here."""
    if packed.getinfo(name).file_size > most:
        raise ValueError(f"{name} has more than {most:,} bytes once unpacked")
    return packed.read(name)


def _is_manifest(content: Any) -> bool:
    """Whether a value says size, commit and files, and perhaps the configuration, in the form of `pack`."""
    if not isinstance(content, dict) or not isinstance(content.get("files"), dict):
        return False
    texts = (content.get("size"), content.get("commit"), *content["files"].values())
    config = content.get("config", {})
    sections: list[Any] = [config.get(name, {}) for name in SECTIONS] if isinstance(config, dict) else [None]
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(section, dict) for section in sections)
        and all(isinstance(entry, dict) for section in sections for entry in section.values())
    )


def checked_origin(
    archive: Path, size: str, config: Mapping[str, Any], entries: Iterable[tuple[str, str]], accept: bool
) -> str:
    """Where restored tables come from, in words.

    Raises ValueError, one line, for an archive of another size, or of other settings of some entries, that is not
    accepted.
    """
    found = ", ".join(differences(archive, size, config, entries))
    if found and not accept:
        allowed = "an archive of this configuration, or accept_archive=true beside it"
        raise ValueError(f"found an archive of another configuration: {found}; allowed: {allowed}")
    commit = manifest(archive)["commit"]
    words = f"restored from {archive.name} (sha256 {digest(archive)[:12]}, packed from commit {commit})"
    return words + (f"; it was made with other settings: {found}" if found else "")


def differences(archive: Path, size: str, config: Mapping[str, Any], entries: Iterable[tuple[str, str]]) -> list[str]:
    """What an archive was packed with and the configuration has no more: its size, or keys of some entries."""
    packed = manifest(archive)
    if packed["size"] != size:
        return [f"size {packed['size']}"]
    now = json.loads(json.dumps(config))
    found = []
    for section, name in sorted(entries):
        before, after = packed["config"].get(section, {}).get(name) or {}, now[section][name]
        keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        if keys:
            found.append(f"{section}.{name} ({', '.join(keys)})")
    return found


def restore(archive: Path, root: Path, places: Iterable[str]) -> None:
    """Write some files of an archive to their places under `root`, each with a sidecar that says where it comes from.

    Raises ValueError, one line, for a place that the archive does not hold, or whose content is damaged.
    """
    packed_as = manifest(archive)
    expected = packed_as["files"]
    source = {"archive": archive.name, "sha256": digest(archive), "size": packed_as["size"]}
    with zipfile.ZipFile(archive) as packed:
        for place in places:
            if place not in expected:
                raise ValueError(f"{archive}: found no {place}; it was packed from another size or configuration")
            try:
                content = _member(packed, place, MOST_OF_FILE)
            except DAMAGED:
                content = b""
            if hashlib.sha256(content).hexdigest() != expected[place]:
                raise ValueError(f"{archive}: found {place} damaged; get the archive again")
            with atomic(root / place) as path:
                path.write_bytes(content)
            record = {"rule": "restore_tables", "wildcards": {}, "config": source, "code": None, "inputs": {}}
            record |= {"commit": packed_as["commit"], "outputs": {place: expected[place]}}
            write_sidecar((root / place).with_suffix(SIDECAR), record)
