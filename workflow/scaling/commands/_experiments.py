"""The experiments of config.yaml, for commands that run where Snakemake does."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import yaml

from scaling.config.load import load, plain
from scaling.config.sizes import SIZES

REPOSITORY = Path(__file__).resolve().parents[3]


def add_arguments(parser: ArgumentParser) -> None:
    """The options that say which configuration is meant."""
    parser.add_argument("--size", choices=SIZES, default="laptop", help="size of the run")
    parser.add_argument("--configfile", type=Path, default=REPOSITORY / "config.yaml", help="configuration to read")


def configuration(options: Namespace) -> dict[str, Any]:
    """The checked configuration of the chosen size, as plain values.

    Raises ValueError, one line, for a mistake in it.
    """
    raw = yaml.safe_load(options.configfile.read_text(encoding="utf-8"))
    return plain(load({**raw, "size": options.size}))
