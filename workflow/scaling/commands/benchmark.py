"""Measure how fast this project is, against its rivals and its own bars."""

import importlib
from argparse import ArgumentParser, Namespace

from scaling.commands import _files

FOLDER = _files.PACKAGE / "benchmarks"


def add_arguments(parser: ArgumentParser) -> None:
    """One subject for each file in scaling/benchmarks."""
    subjects = parser.add_subparsers(dest="subject", metavar="SUBJECT", required=True)
    for name in _files.names(FOLDER):
        summary = _files.summary(FOLDER / f"{name}.py")
        subject = subjects.add_parser(name, help=summary, description=summary)
        importlib.import_module(f"scaling.benchmarks.{name}").add_arguments(subject)


def run(options: Namespace) -> int:
    """Run the benchmark of the subject."""
    return int(importlib.import_module(f"scaling.benchmarks.{options.subject}").run(options))
