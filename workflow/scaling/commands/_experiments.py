"""The experiments of config.yaml, for commands that run where Snakemake does."""

from argparse import ArgumentParser, Namespace
from functools import reduce
from pathlib import Path
from typing import Any

from scaling.config.load import load, merged, plain
from scaling.config.sizes import SIZES
from scaling.config.yaml_files import load_layer
from scaling.rooms import REPOSITORY, need_clone


def add_arguments(parser: ArgumentParser) -> None:
    """The options that say which configuration is meant."""
    parser.add_argument("--size", choices=SIZES, default="laptop", help="size of the run")
    files = "configuration files of your own, above config.yaml"
    parser.add_argument("--configfile", type=Path, nargs="+", default=[], metavar="FILE", help=files)


def configuration(options: Namespace) -> dict[str, Any]:
    """The checked configuration of the chosen size, as plain values.

    Raises ValueError, one line, for a mistake in it.
    """
    need_clone()
    layers = {str(path): load_layer(path) for path in options.configfile}
    raw = reduce(merged, layers.values(), load_layer(REPOSITORY / "config.yaml"))
    return plain(load({**raw, "size": options.size}, layers))
