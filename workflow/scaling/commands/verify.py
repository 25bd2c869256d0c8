"""Hash every result again and compare it with its sidecar: what is stale, edited by hand or missing.

A result is missing when its sidecar names it and it is not there, edited when its content is no longer what the
sidecar says, stale when something it was made from has changed since, and unknown when no sidecar names it. The exit
status is 1 when there is any such result.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scaling import provenance

NO_RESULTS = ("logs", "benchmarks")  # folders of what comes along
ADVICE = (
    "To make files and all that follows from them again: envs/run snakemake --cores all --config size={size} "
    "--forcerun FILE…; delete an unknown file that no rule makes."
)


class Finding(NamedTuple):
    """What is wrong with a file, in a word, and why."""

    path: str
    state: str
    reason: str


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("results", type=Path, metavar="results/SIZE", help="folder of the results of a size")


def run(options: Namespace) -> int:
    """Print what is wrong, one line each, and a count; raise ValueError for a folder without results."""
    results = options.results.resolve()
    sidecars = sorted(results.rglob(f"*{provenance.SIDECAR}"))
    if not sidecars:
        raise ValueError(f"{options.results}: found no result with a sidecar; allowed: results/smoke, laptop or paper")
    found = sorted(findings(results, sidecars))
    for path, state, reason in found:
        print(f"{state:8} {path} ({reason})")
    if found:
        print(ADVICE.format(size=results.name), file=sys.stderr)
    print(f"{len(sidecars)} jobs, {len(found)} findings")
    return int(bool(found))


def findings(results: Path, sidecars: list[Path]) -> Iterator[Finding]:
    """All that is wrong under results/SIZE; paths are relative to the folder that holds `results`."""
    root = results.parents[1]
    digest = cache(lambda path: provenance.digest(root / path) if (root / path).is_file() else None)
    named = {str(path.relative_to(root)) for path in sidecars}
    for sidecar in sidecars:
        here = str(sidecar.relative_to(root))
        try:
            record = provenance.read_sidecar(sidecar)
        except ValueError as error:
            yield Finding(here, "edited", str(error))
            continue
        named |= record["outputs"].keys()
        for path, expected in record["outputs"].items():
            if digest(path) is None:
                yield Finding(path, "missing", f"made by {record['rule']}")
            elif digest(path) != expected:
                yield Finding(path, "edited", f"differs from what {record['rule']} wrote")
        for path, expected in record["inputs"].items():
            if digest(path) != expected:
                for output in record["outputs"]:
                    yield Finding(output, "stale", f"{path} has changed since, or is gone")
    for path in results.rglob("*"):
        place = path.relative_to(results)
        if path.is_file() and place.parts[0] not in NO_RESULTS and str(path.relative_to(root)) not in named:
            yield Finding(str(path.relative_to(root)), "unknown", "no sidecar names it")
