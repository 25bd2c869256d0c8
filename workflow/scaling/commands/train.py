"""Train the groups of networks written down in a file; their rows come back through the workflow's cache.

Needs neither Snakemake nor a configuration, and goes on where it was interrupted.
"""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

KEYS = ("experiment", "protocol", "groups", "code", "data", "images")


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
    if here.split()[0] != content["code"].split()[0]:  # versions may differ, the source may not
        raise ValueError(f"{options.groups}: found the code {content['code']}; allowed: {here}; write the file again")
    store = Store(options.out, content["code"], content["data"])
    rows = train_groups(groups, datasets.load(images), options.device, store)
    print(f"{options.out}: {len(groups)} groups, {rows['curve'].nunique()} networks, {len(rows)} rows")
    return 0


def read(path: Path) -> dict[str, Any]:
    """The content of a file of groups. Raises ValueError when it is something else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: no JSON ({error}); allowed: a file that the command groups wrote") from None
    if not isinstance(content, dict) or set(content) != set(KEYS) or not content["groups"]:
        raise ValueError(f"{path}: found other keys; allowed: {', '.join(KEYS)}, as the command groups writes them")
    return content
