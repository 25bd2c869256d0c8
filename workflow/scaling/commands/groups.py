"""Write the groups of an experiment to a file, which `train` takes to another machine.

The file holds everything that decides the rows: the protocol, the groups, a fingerprint of the code and the digest of
the images. Rows that `train` makes from it are found by the workflow once they are copied to `<data.cache>/training`.
"""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from scaling import provenance
from scaling.commands import _experiments
from scaling.config.experiments import grid
from scaling.fingerprint import fingerprint
from scaling.training.cells import as_written, plan, plugins


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    _experiments.add_arguments(parser)
    parser.add_argument("experiment", help="entry of training in the configuration")
    parser.add_argument("--images", type=Path, help="images (npz); by default those that the workflow prepared")
    parser.add_argument("--out", type=Path, required=True, help="file to write (JSON)")


def run(options: Namespace) -> int:
    """Write the file; raise ValueError for an unknown experiment or images that are not there."""
    config = _experiments.configuration(options)
    if options.experiment not in config["training"]:
        found = f"found {options.experiment!r}; allowed: {', '.join(config['training'])}"
        raise ValueError(f"experiment: {found} (at size {options.size})")
    groups = plan(options.experiment, grid(config, options.experiment))
    protocol = groups[0].protocol
    prepared = _experiments.REPOSITORY / "results" / options.size / "datasets" / protocol.dataset / "images.npz"
    images = options.images or prepared
    if not images.is_file():
        raise ValueError(f"{images}: not there; let `snakemake datasets` prepare it, or name another with --images")
    content = {
        "experiment": options.experiment,
        "protocol": asdict(protocol),
        "groups": as_written(groups),
        "code": fingerprint("train_networks.py", plugins(protocol)),
        "data": provenance.digest(images),
        "images": str(images),
    }
    options.out.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{options.out}: {len(groups)} groups, {sum(len(group.cells) for group in groups)} networks")
    return 0
