"""Measure how fast this project is, against its rivals, its own bars and an earlier run."""

import importlib
from argparse import ArgumentParser, Namespace
from pathlib import Path

from scaling.commands import _files, _measured_numbers

FOLDER = _files.PACKAGE / "benchmarks"


def add_arguments(parser: ArgumentParser) -> None:
    """One subject for each file in scaling/benchmarks."""
    subjects = parser.add_subparsers(dest="subject", metavar="SUBJECT", required=True)
    for name in _files.names(FOLDER):
        summary = _files.summary(FOLDER / f"{name}.py")
        subject = subjects.add_parser(name, help=summary, description=summary)
        importlib.import_module(f"scaling.benchmarks.{name}").add_arguments(subject)
        subject.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file")
        subject.add_argument(
            "--against", type=Path, metavar="BASE.json", help="name each ratio that is worse than there by over 20 %%"
        )


def run(options: Namespace) -> int:
    """Measure and print each number; 1 when one misses what it must reach, or is slower than before."""
    base = _measured_numbers.stored(options.against, options.subject) if options.against else None
    numbers = []
    for number in importlib.import_module(f"scaling.benchmarks.{options.subject}").measure(options):
        print(number.line(), flush=True)
        numbers.append(number)
    if options.json:
        _measured_numbers.write(options.json, options, numbers)
    slower = []
    if base:
        then, before = base
        here = _measured_numbers.options_of(options)
        slower = list(_measured_numbers.worse(before, numbers))
        lines = [*slower, *_measured_numbers.differences(before, numbers, (then, here))]
        print("\n".join(lines or [f"no ratio is worse than in {options.against} by more than 20 %"]))
    return int(bool(slower) or any(number.verdict == "missed" for number in numbers))
