"""What a run took: its jobs, their time by stage, its networks and machines, read from the sidecars of its results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TRAINING = "train_networks"
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Stage:
    """The jobs of one rule: how many, their time in words, and its share of the time of the longest stage."""

    name: str
    jobs: int
    time: str
    share: float


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run; texts are ready to be read."""

    size: str
    commits: tuple[str, ...]
    first_day: str
    last_day: str
    jobs: int
    time: str
    networks: int
    restored: int
    machines: tuple[str, ...]
    stages: tuple[Stage, ...]


def run_facts(size: str, records: Iterable[Mapping[str, Any]]) -> RunFacts:
    """The facts of the jobs whose records are given; those restored from an archive are counted apart."""
    all_records = list(records)
    done = sorted((record for record in all_records if "started" in record), key=lambda record: record["started"])
    days = [record["started"][:10] for record in done] or ["unknown"]
    return RunFacts(
        size=size,
        commits=tuple(dict.fromkeys(record["commit"] for record in reversed(done))),
        first_day=min(days),
        last_day=max(days),
        jobs=len(done),
        time=duration(sum(record["seconds"] for record in done)),
        networks=sum(map(_networks, done)),
        restored=len(all_records) - len(done),
        machines=tuple(sorted({_machine(record["hardware"]) for record in done if "hardware" in record})),
        stages=_stages(done),
    )


def duration(seconds: float) -> str:
    """A time in words, such as `1 h 05 min`, `3 min 20 s` or `2.5 s`."""
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE:02d} s"
    minutes = round(seconds / MINUTE)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _stages(done: Iterable[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """The rules in the order of their first jobs."""
    times: dict[str, list[float]] = {}
    for record in done:
        times.setdefault(record["rule"], []).append(record["seconds"])
    longest = max(map(sum, times.values()), default=0) or 1
    return tuple(
        Stage(rule.replace("_", " "), len(found), duration(sum(found)), sum(found) / longest)
        for rule, found in times.items()
    )


def _networks(record: Mapping[str, Any]) -> int:
    if record["rule"] != TRAINING:
        return 0
    return sum(len(group["seeds"]) for group in record["config"]["groups"])


def _machine(hardware: Mapping[str, Any]) -> str:
    return f"{hardware['system']} on {hardware['machine']}, {hardware['cores']} cores"
