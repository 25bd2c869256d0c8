"""Train the groups of networks written down in a file; their rows come back through the workflow's cache.

Needs neither Snakemake nor a configuration, and goes on where it was interrupted.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from scaling.described import mapping
from scaling.kinds import DIFFERENT, Count, Positive, Share, Text

TEXTS = ("experiment", "code", "data", "images")
KEYS = ("experiment", "protocol", "groups", "code", "data", "images")


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What sets a group apart from the others of its protocol."""

    width: Annotated[Count | None, "width"] = None
    learning_rate: Annotated[Positive | None, "learning rate"] = None
    label_noise: Annotated[Share | None, "fraction of flipped labels"] = None
    init_factor: Annotated[Positive | None, "factor on the initial weights"] = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """A group in the file."""

    name: Annotated[Text, "name of the group"]
    train_size: Annotated[Count, "training examples"]
    seeds: Annotated[list[int], DIFFERENT, "seeds of its networks"]
    variant: Annotated[Mapping[str, Any] | None, mapping(Variant), "values of all axes"] = None


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("groups", type=Path, help="file that the command `groups` wrote (JSON)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the rows, one file for each group")
    parser.add_argument("--images", type=Path, help="the images (npz), where they lie elsewhere on this machine")
    parser.add_argument("--device", default="auto", help="auto (the default), cpu or cuda")


def run(options: Namespace) -> int:
    """Train what is not in the folder yet; raise ValueError for a wrong file, other images or other code."""
    from scaling import datasets, provenance
    from scaling.fingerprint import fingerprint
    from scaling.rooms import need_clone
    from scaling.training.cells import groups_of, plugins
    from scaling.training.store import Store
    from scaling.training.trainer import train_groups

    need_clone()  # the fingerprint of the code counts the script of training
    content = read(options.groups)
    images = options.images or Path(content["images"])
    if (found := provenance.digest(images)) != content["data"]:
        raise ValueError(f"{images}: found sha256 {found}; allowed: {content['data']}, the images of {options.groups}")
    groups = groups_of(content["experiment"], content["protocol"], content["groups"])
    here = fingerprint("train_networks.py", plugins(groups[0].protocol))
    if here.split()[:1] != content["code"].split()[:1]:  # versions may differ, the source may not
        raise ValueError(f"{options.groups}: found the code {content['code']}; allowed: {here}; write the file again")
    store = Store(options.out, content["code"], content["data"])
    rows = train_groups(groups, datasets.load(images), options.device, store)
    print(f"{options.out}: {len(groups)} groups, {rows['curve'].nunique()} networks, {len(rows)} rows")
    return 0


def read(path: Path) -> dict[str, Any]:
    """The content of a file of groups. Raises ValueError when it is something else."""
    from scaling.described import read as read_section
    from scaling.kinds import WrongValueError
    from scaling.training.protocol import Protocol

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: no JSON ({error}); allowed: a file that the command groups wrote") from None
    if not isinstance(content, dict) or set(content) != set(KEYS) or not content["groups"]:
        raise ValueError(f"{path}: found other keys; allowed: {', '.join(KEYS)}, as the command groups writes them")
    if not isinstance(content["groups"], list) or not all(isinstance(content[key], str) for key in TEXTS):
        raise ValueError(f"{path}: found no list of groups, or no text; allowed: as the command groups writes them")
    try:
        checked: list[Any] = [
            read_section(Protocol, content["protocol"]),
            *(read_section(Written, g) for g in content["groups"]),
        ]
    except WrongValueError as error:
        raise ValueError(f"{path}: {error}") from None
    for section, written in zip(checked, [content["protocol"], *content["groups"]], strict=True):
        if not _agree(written, asdict(section)):
            raise ValueError(f"{path}: found numbers as texts; allowed: as the command groups writes them")
    return content


def _agree(written: Any, read: Any) -> bool:
    """Whether a value was written as it is read, but for what follows from defaults."""
    if isinstance(written, dict) and isinstance(read, dict):
        return all(value is None or _agree(value, read.get(key)) for key, value in written.items())
    return bool(written == read)
