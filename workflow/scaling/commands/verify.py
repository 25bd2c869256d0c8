"""Hash every result again and compare it with its sidecar: what is stale, edited by hand, missing or not readable.

A result is missing when its sidecar names it and it is not there, or when its job was done and left no sidecar; edited
when it or its sidecar is no longer what the job wrote; stale when something it was made from has changed since: another
result, its entry in the configuration or the code; and unknown when no sidecar names it. The exit status is 1 when
there is any such result.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scaling import provenance
from scaling.config.sizes import SIZES
from scaling.rooms import REPOSITORY

NO_RESULTS = ("logs", "benchmarks")  # folders of what comes along
WITHOUT_SIDECAR = ("downloads",)  # rules
ADVICE = (
    "To make files and all that follows from them again: envs/run snakemake --cores all --config size={size} "
    "--forcerun FILE…; delete an unknown file that no rule makes."
)


class Finding(NamedTuple):
    """What is wrong with a file, in a word, and why."""

    path: str
    state: str
    reason: str


class Results(NamedTuple):
    """What lies under results/SIZE: files, those of them that are sidecars, and what could not be read."""

    root: Path
    files: list[Path]
    sidecars: list[Path]
    closed: list[Finding]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("results", type=Path, metavar="results/SIZE", help="folder of the results of a size")
    words = "configuration files of the run, above config.yaml"
    parser.add_argument("--configfile", type=Path, nargs="+", default=[], metavar="FILE", help=words)


def run(options: Namespace) -> int:
    """Print what is wrong, one line each, and a count; raise ValueError for a folder without results."""
    folder = Path(os.path.abspath(options.results.expanduser()))  # noqa: PTH100 - results may be a link to elsewhere
    results = read(folder) if folder.parent.name == "results" else None
    if results is None or not results.sidecars:
        raise ValueError(f"{options.results}: found no result with a sidecar; allowed: results/smoke, laptop or paper")
    found = sorted(findings(results, configuration(folder, options)))
    for path, state, reason in found:
        print(f"{state:8} {path} ({reason})")
    if found:
        print(ADVICE.format(size=folder.name), file=sys.stderr)
    print(f"{len(results.sidecars)} jobs, {len(found)} findings")
    return int(bool(found))


def configuration(folder: Path, options: Namespace) -> dict[str, Any]:
    """The configuration that results are held against: that of their repository, where it is this one; else nothing."""
    if folder.name not in SIZES or not folder.parents[1].samefile(REPOSITORY):
        return {}
    from scaling.commands import _experiments  # needs packages that a bare installation lacks

    return _experiments.configuration(Namespace(size=folder.name, configfile=options.configfile))


def read(folder: Path) -> Results:
    """All that lies in a folder of results, links to folders elsewhere followed, each once."""
    root = folder.parents[1]
    results, seen = Results(root, [], [], []), set[str]()

    def closed(error: OSError) -> None:
        place = os.path.relpath(str(error.filename), root)
        results.closed.append(Finding(place, "closed", f"could not be read: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=closed, followlinks=True):
        if (real := os.path.realpath(place)) in seen:
            folders.clear()
            continue
        seen.add(real)
        results.files.extend(Path(place, name) for name in sorted(names))
    results.sidecars.extend(sorted(path for path in results.files if path.name.endswith(provenance.SIDECAR)))
    return results


def findings(results: Results, config: dict[str, Any]) -> Iterator[Finding]:
    """All that is wrong; paths are relative to the folder that holds `results`."""
    root, size = results.root, results.sidecars[0].relative_to(results.root).parts[1]
    digest = cache(lambda path: _digest(root / path))
    named, done = {str(path.relative_to(root)) for path in results.sidecars}, set[str]()
    yield from results.closed
    for sidecar in results.sidecars:
        here = str(sidecar.relative_to(root))
        try:
            record = provenance.read_sidecar(sidecar)
        except ValueError as error:
            yield Finding(here, "edited", str(error))
            continue
        named |= record["outputs"].keys()
        done.add("/".join([record["rule"], *map(str, record.get("wildcards", {}).values())]))
        yield from _of_outputs(record, digest)
        yield from _of_inputs(record, digest, config)
    for path in results.files:
        place, whole = str(path.relative_to(root)), path.relative_to(root / "results" / size)
        if whole.parts[0] not in NO_RESULTS and place not in named:
            yield Finding(place, "unknown", "no sidecar names it")
        job = str(whole.relative_to("benchmarks").with_suffix("")) if whole.parts[0] == "benchmarks" else ""
        if job and job not in done and job.partition("/")[0] not in WITHOUT_SIDECAR:
            yield Finding(place, "missing", f"this job was done, and no sidecar of {job.partition('/')[0]} is there")


def _of_outputs(record: dict[str, Any], digest: Any) -> Iterator[Finding]:
    for path, expected in record["outputs"].items():
        found = digest(path)
        if found is None:
            yield Finding(path, "missing", f"made by {record['rule']}")
        elif found != expected:
            reason = found if found.startswith("could not") else f"differs from what {record['rule']} wrote"
            yield Finding(path, "closed" if reason == found else "edited", reason)


def _of_inputs(record: dict[str, Any], digest: Any, config: dict[str, Any]) -> Iterator[Finding]:
    reasons = [
        f"{path} has changed since, or is gone" for path, read in record["inputs"].items() if digest(path) != read
    ]
    if config and record.get("code"):
        from scaling.commands._since import changes

        reasons += changes(config, record)
    for output in record["outputs"]:
        yield from (Finding(output, "stale", reason) for reason in reasons)


def _digest(path: Path) -> str | None:
    """The digest of a file; why it could not be read, or None where there is none."""
    try:
        return provenance.digest(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"could not be read: {error.strerror}"
    except ValueError:
        return "could not be read: a pipe or a device"
