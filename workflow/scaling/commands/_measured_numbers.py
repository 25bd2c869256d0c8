"""What benchmarks measure: named numbers, shown beside their bars, stored as JSON and compared with a stored run."""

import json
import math
import os
import platform
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scaling import files, provenance

RATIO = "times"  # the unit of what is compared between runs: other units are those of a machine
MOST = 1.2  # as many times worse is not named yet
ERRORS = 2  # standard errors that a difference must exceed, where they are known
PACKAGES = ("numpy", "pandas", "scipy", "torch")
OF_THE_COMMAND = ("subject", "against", "json", "out", "command", "run")  # no number rests on these


@dataclass(frozen=True)
class Number:
    """A measured number, with what it must and should be where that is settled.

    `error` is its standard error, 0 where it is not known. Ratios within a run have the unit `times`. Raises
    ValueError, one line, for a value that is not finite and for a ratio that is not above 0.
    """

    name: str
    value: float
    unit: str
    more_is_better: bool
    error: float = 0.0
    must: float | None = None
    goal: float | None = None

    def __post_init__(self) -> None:
        """Refuse what nothing can be compared with."""
        numbers = [each for each in (self.value, self.error, self.must, self.goal) if each is not None]
        if not all(map(math.isfinite, numbers)) or self.error < 0 or (self.unit == RATIO and self.value <= 0):
            raise ValueError(
                f"{self.name}: found {self.value} {self.unit} ± {self.error}; allowed: finite, ratios above 0"
            )

    @property
    def verdict(self) -> str:
        """In a word, what the value is against its bars; nothing without them."""
        if self.must is None or self.goal is None:
            return ""
        sign = 1 if self.more_is_better else -1
        reached = [sign * self.value >= sign * bar for bar in (self.goal, self.must)]
        return "goal" if reached[0] else "must" if reached[1] else "missed"

    def line(self) -> str:
        """The number for the terminal."""
        error = f" ± {self.error:.2g}" if self.error else ""
        bars = f" (must {self.must:g}, goal {self.goal:g}): {self.verdict}" if self.verdict else ""
        return f"{self.name:44}{self.value:10.3g}{error} {self.unit}{bars}"


def median(name: str, turns: Sequence[float], unit: str, more_is_better: bool, **bars: float) -> Number:
    """The number that is the median of several turns."""
    return Number(name, float(np.median(turns)), unit, more_is_better, **bars)


def power(sizes: ArrayLike, seconds: ArrayLike) -> tuple[float, float]:
    """The power of the size with which a time grows, by least squares in log-log axes, and its standard error.

    Raises ValueError below three sizes, which leave no error to tell.
    """
    x, y = np.log(sizes), np.log(seconds)
    if x.size < 3:
        raise ValueError(f"sizes: found {x.size}; allowed: 3 or more")
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    return slope, float(np.sqrt(rest @ rest / (x.size - 2) / (x @ x)))


def write(path: Path, options: Namespace, numbers: Sequence[Number]) -> None:
    """Write a run as JSON: subject, options, versions of packages, code, machine and numbers."""
    content = {
        "subject": options.subject,
        "options": options_of(options),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "commit": provenance.commit(),
        "machine": {"machine": platform.machine(), "system": platform.system(), "cores": os.cpu_count()},
        "numbers": [asdict(number) for number in numbers],
    }
    with files.atomic(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def options_of(options: Namespace) -> dict[str, Any]:
    """The options of a run that its numbers may rest on, as JSON has them."""
    kept = {key: value for key, value in vars(options).items() if key not in OF_THE_COMMAND}
    return dict(json.loads(json.dumps(kept, default=str)))


def stored(path: Path, subject: str) -> tuple[dict[str, Any], list[Number]]:
    """The options and the numbers of a stored run. Raises ValueError for another subject and a broken file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        options, numbers = dict(content["options"]), [Number(**each) for each in content["numbers"]]
        found = content["subject"]
    except (ValueError, KeyError, TypeError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ValueError(f"{path}: found no run of a benchmark ({reason}); allowed: a file that --json wrote") from None
    if found != subject:
        raise ValueError(f"{path}: found a run of {found}; allowed: one of {subject}")
    return options, numbers


def worse(base: Sequence[Number], now: Sequence[Number]) -> Iterator[str]:
    """A line for each ratio that got worse by more than 20 %, and by more than two standard errors."""
    before = {number.name: number for number in base if number.unit == RATIO}
    for number in now:
        if number.unit != RATIO or not (old := before.get(number.name)):
            continue
        times = old.value / number.value if number.more_is_better else number.value / old.value
        if times > MOST and abs(number.value - old.value) > ERRORS * math.hypot(number.error, old.error):
            yield f"slower: {number.name}: {old.value:.3g} before, {number.value:.3g} now: worse by {times - 1:.0%}"


def differences(
    base: Sequence[Number], now: Sequence[Number], asked: tuple[dict[str, Any], dict[str, Any]]
) -> Iterator[str]:
    """A line for each number that is new or missing, and for each option that was another."""
    before, after = ({number.name for number in numbers} for numbers in (base, now))
    yield from (f"new: {name}" for name in sorted(after - before))
    yield from (f"missing: {name}" for name in sorted(before - after))
    then, here = asked
    for key in sorted(then.keys() | here.keys()):
        if then.get(key) != here.get(key):
            yield f"other option: {key}: {then.get(key)} before, {here.get(key)} now"
