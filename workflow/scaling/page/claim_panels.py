"""What the page says of one claim: its numbers and verdict, and the way to its code, data and making."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd

from scaling.ledger import making
from scaling.ledger.lineage import Entry, figures_of, read_by
from scaling.ledger.shown import marks, reference_word, shown_measured, shown_published
from scaling.page.interval_plot import Plot, plot

OURS = "ours"
VERDICTS = ("reproduced", "not reproduced", "inconclusive")


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; to nothing where `href` is empty."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Table:
    """A table that a claim is measured on; its digest as the job read it, empty where it was not made."""

    link: Link
    digest: str


@dataclass(frozen=True)
class AtSize:
    """What a run of another size says of a claim."""

    size: str
    verdict: str
    measured: str


@dataclass(frozen=True)
class Making:
    """How a claim was measured and how it is again: code, entry, what the job left on record, commands."""

    measure: str
    code: Link
    written: Link
    settings: str
    commit: str
    when: str
    machine: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class ClaimPanel:
    """All that is shown of one claim. `distance` is that of our value from the reference, in tolerances."""

    name: str
    study: str
    ours: bool
    statement: str
    source: str
    verdict: str
    reason: str
    reference_word: str
    reference: str
    measured: str
    how: str
    marks: tuple[str, ...]
    plot: Plot | None
    distance: float | None
    tables: tuple[Table, ...]
    figures: tuple[str, ...]
    images: tuple[str, ...]
    others: tuple[AtSize, ...]
    making: Making

    @property
    def anchor(self) -> str:
        """The name of the panel's place on the page."""
        return anchor("claim", self.name)

    @property
    def is_measured(self) -> bool:
        """Whether this run has a value for it."""
        return self.plot is not None and self.plot.measured is not None


def anchor(kind: str, name: str) -> str:
    """A name for a place on the page, of letters, digits, `_`, `.` and `-`."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9_.-]', '_', name)}"


def panel(
    row: pd.Series,
    config: dict[str, Any],
    record: Mapping[str, Any],
    others: Mapping[str, pd.DataFrame],
    images: Iterable[str] = (),
) -> ClaimPanel:
    """The panel of a row of the ledger.

    `record` is what the job left on record that measured it, `others` holds the ledgers of other sizes, `images` says
    which images it rests on.
    """
    name = str(row["id"])
    return ClaimPanel(
        name=name,
        study=config["claims"][name]["study"],
        ours=row["paper"] == OURS,
        statement=_sentence(str(row["statement"])),
        source=str(row["source"]),
        verdict=str(row["verdict"]),
        reason=_text(row["reason"]),
        reference_word=reference_word(row),
        reference=shown_published(row),
        measured=shown_measured(row),
        how=_how(row),
        marks=tuple(marks(row)),
        plot=plot(row),
        distance=_distance(row),
        tables=tuple(_tables(config, name, record.get("inputs", {}))),
        figures=tuple(figures_of(config, name)),
        images=tuple(images),
        others=tuple(_others(name, others)),
        making=_making(config, name, record),
    )


def repository_link(place: str) -> Link:
    """A link to a file of the repository, `path` or `path:line`; the page lies in results/<size>."""
    path = place.partition(":")[0]
    known = not path.startswith("/") and "/" in path
    return Link(place, f"../../{quote(path)}" if known else "")


def _tables(config: dict[str, Any], name: str, inputs: Mapping[str, str]) -> Iterable[Table]:
    for place in read_by(config, Entry("claims", name)):
        digest = inputs.get(f"results/{config['size']}/{place}.parquet", "")
        yield Table(Link(place, f"{quote(place)}.parquet" if digest else ""), digest)


def _others(name: str, ledgers: Mapping[str, pd.DataFrame]) -> Iterable[AtSize]:
    for size, ledger in ledgers.items():
        for _, row in ledger[ledger["id"] == name].iterrows():
            yield AtSize(size, str(row["verdict"]), shown_measured(row))


def _making(config: dict[str, Any], name: str, record: Mapping[str, Any]) -> Making:
    claim = config["claims"][name]
    entry = Entry("claims", name)
    path, line = making.measure_in(claim)
    options = [f"{key}={value!r}" for key, value in claim["measure"].items() if key != "name"]
    size = config["size"]
    hardware = record.get("hardware", {})
    return Making(
        measure=f"{claim['measure']['name']}({', '.join(options)})",
        code=repository_link(f"{path}:{line}"),
        written=repository_link(making.written_in(config, entry)),
        settings=making.settings_of(config, entry),
        commit=str(record.get("commit", "unknown")),
        when=str(record.get("started", "")).replace("T", " ").replace("+00:00", " UTC"),
        machine=f"{hardware['system']} on {hardware['machine']}, {hardware['cores']} cores" if hardware else "",
        commands=(
            f"envs/run snakemake --cores all --config size={size} -- {making.place_of(config, entry)}",
            f"envs/run python -m scaling explain --size {size} {name}",
        ),
    )


def _distance(row: pd.Series) -> float | None:
    """How far our value lies from the reference, in tolerances; None where one of the three is missing or zero."""
    if pd.isna(row["measured"]) or pd.isna(row["published"]) or pd.isna(row["tolerance"]) or not row["tolerance"]:
        return None
    return abs(float(row["measured"]) - float(row["published"])) / float(row["tolerance"])


def _how(row: pd.Series) -> str:
    """How the interval was made, such as `95 % interval, bootstrap over seeds, n = 20`."""
    if pd.isna(row["measured"]):
        return ""
    level = [] if pd.isna(row["level"]) else [f"{100 * row['level']:g} % interval"]
    count = [] if pd.isna(row["n"]) else [f"n = {row['n']:g}"]
    return ", ".join([*level, _text(row["interval"]), *count])


def _sentence(statement: str) -> str:
    """The statement with a capital letter, unless it begins with a symbol or a name."""
    first, _, _ = statement.partition(" ")
    is_word = first.isascii() and first.isalpha() and (len(first) > 1 or first == "a")
    return statement[:1].upper() + statement[1:] if is_word else statement


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
