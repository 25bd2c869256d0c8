"""Where the time of a run went: by stage and entry, with the longest chain of jobs that wait for each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

COLUMNS = ("stage", "entry", "jobs", "wall", "cpu", "startup", "longest", "path")


@dataclass(frozen=True)
class Job:
    """A job on record: seconds from its first to its last moment, of the processor, and of that before its own code."""

    stage: str
    entry: str
    wall: float
    cpu: float
    startup: float
    reads: frozenset[str]
    writes: frozenset[str]


def job(record: Mapping[str, Any], walls: Mapping[str, float]) -> Job:
    """A job from its sidecar; `walls` holds what Snakemake measured, by stage and wildcards, where it did.

    Sidecars of older code lack the time of the processor, which is then unknown.
    """
    wildcards = record.get("wildcards", {})
    return Job(
        stage=record["rule"],
        entry=str(wildcards.get("entry", next(iter(wildcards.values()), ""))),
        wall=walls.get("/".join([record["rule"], *wildcards.values()]), record.get("seconds", 0.0)),
        cpu=record.get("cpu_seconds", float("nan")),
        startup=record.get("startup_cpu_seconds", float("nan")),
        reads=frozenset(record["inputs"]),
        writes=frozenset(record["outputs"]),
    )


def measured_walls(benchmarks: Path) -> dict[str, float]:
    """Seconds by stage and wildcards, such as `simulate/escape_sgd`, from the benchmark files of a run."""
    found = {}
    for path in sorted(benchmarks.rglob("*.tsv")):
        rows = pd.read_csv(path, sep="\t")
        if "s" in rows and len(rows):
            found[str(path.relative_to(benchmarks).with_suffix(""))] = float(rows["s"].iloc[-1])
    return found


def longest_chain(jobs: Sequence[Job]) -> list[int]:
    """Places of the jobs, first to last, whose walls one after the other take longest of all chains of dependence."""
    maker = {path: place for place, each in enumerate(jobs) for path in each.writes}
    before = [
        sorted({maker[path] for path in each.reads if path in maker} - {place}) for place, each in enumerate(jobs)
    ]
    length: dict[int, float] = {}
    previous: dict[int, int | None] = {}
    for place in range(len(jobs)):
        waiting = [place]
        while waiting:
            now = waiting[-1]
            missing = [each for each in before[now] if each not in length and each not in waiting]
            if missing:
                waiting += missing[:1]
                continue
            waiting.pop()
            known = [each for each in before[now] if each in length]
            previous[now] = max(known, key=length.__getitem__, default=None)
            length[now] = jobs[now].wall + max((length[each] for each in known), default=0.0)
    chain, last = [], max(length, key=length.__getitem__, default=None)
    while last is not None:
        chain.append(last)
        last = previous[last]
    return chain[::-1]


def profile(jobs: Sequence[Job]) -> pd.DataFrame:
    """One row for each stage and entry, those that took longest first.

    jobs: how many. wall, cpu, startup: seconds of all. longest: seconds of the longest job. path: share of the longest
    chain that is theirs.
    """
    chain = set(longest_chain(jobs))
    rows = pd.DataFrame(
        [
            (each.stage, each.entry, each.wall, each.cpu, each.startup, each.wall * (place in chain))
            for place, each in enumerate(jobs)
        ],
        columns=["stage", "entry", "wall", "cpu", "startup", "path"],
    )
    groups = rows.groupby(["stage", "entry"], sort=True)
    table = groups[["wall", "cpu", "startup", "path"]].sum(min_count=1)
    table = table.assign(
        jobs=groups.size(), longest=groups["wall"].max(), path=table["path"] / max(table["path"].sum(), 1e-9)
    )
    return table.reset_index().sort_values("wall", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]
