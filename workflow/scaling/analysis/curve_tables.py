"""Learning curves of every kind out of the tables of all studies: performance against data, scale, time and norm.

What a table holds is told by its columns. Curves are geometric means over seeds or draws, and are cut: a law sees the
first part, and what follows judges it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

KINDS = ("data", "scale", "time", "norm")
NETWORKS, PUBLISHED = "networks", "published"
FEWEST_SEEN, FEWEST_AHEAD = 6, 2
LEAST_RANGE, SMALLEST = 0.02, 1e-9
MOST_POINTS = 60
COLUMNS = ("curve", "kind", "source", "experiment", "x", "y", "seen")


@dataclass(frozen=True)
class Reading:
    """Curves of one kind in a table that has the columns x and y.

    by: columns whose values tell curves apart, where the table has them. along: the column whose rows are averaged
    together, x itself where none is named. last: only the last row of each network counts. has, lacks: further
    columns that tell such tables.
    """

    kind: str
    x: str
    y: str
    by: tuple[str, ...]
    along: str = ""
    last: bool = False
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def holds(self, columns: Collection[str]) -> bool:
        """Whether a table with these columns has such curves."""
        return {self.x, self.y, *self.has} <= set(columns) and not set(self.lacks) & set(columns)


SETTINGS = ("learning_rate", "label_noise", "init_factor")
READINGS = (
    Reading("time", "step", "test_loss", ("width", *SETTINGS, "train_size")),
    Reading("norm", "norm_of_network", "test_error", ("width", *SETTINGS, "train_size"), along="step"),
    Reading("data", "train_size", "test_error", ("width", *SETTINGS), last=True, lacks=("directions",)),
    Reading("scale", "parameters", "test_loss", (*SETTINGS, "train_size"), last=True),
    Reading(
        "time", "alpha", "error", ("units", "groups", "exponent", *SETTINGS, "network", "trained"), lacks=("norm",)
    ),
    Reading("scale", "trained", "error", ("exponent",), lacks=("alpha", "eigenvalue")),
    Reading("norm", "norm", "error", ("alpha",), lacks=("schedule",)),
    Reading("data", "alpha", "error", (), has=("bayes_error",), lacks=("overlap",)),
    Reading("time", "raw_time", "risk", ("train_size", "directions")),
    Reading("scale", "directions", "risk", ("train_size", "scale_time")),
    Reading("scale", "directions", "risk", ("train_size", "raw_time")),
    Reading("data", "train_size", "risk", ("directions", "scale_time")),
    Reading("scale", "directions", "test_loss", ("scale_time", "label_noise")),
)


def curves_of(tables: Mapping[str, pd.DataFrame], share: float, most: int) -> pd.DataFrame:
    """One row for each point of each curve: curve, kind, source, experiment, x, y, seen.

    share: the share of its largest x up to which a curve is seen; a table of points that says itself what is to be
    fitted is taken at its word. most: the largest number of curves of one kind of one experiment, evenly chosen.
    Of many points sixty are kept, evenly in number; curves with fewer than six of them seen or two ahead, or with no
    range to speak of, are left out. A table of points is named after the kind of its curves: `data_…`, `norm_…`.
    Raises ValueError for a table of no known form, and where no curve is left.
    """
    parts = []
    for name, table in tables.items():
        found = _points(name, table, share) if {"curve", "x", "y"} <= set(table) else _read(name, table, share)
        parts += [curve for curve in map(_thinned, found) if _fit_for_use(curve)]
    if not parts:
        raise ValueError(
            f"curves: found none; allowed: {FEWEST_SEEN} points seen and {FEWEST_AHEAD} ahead, not all alike"
        )
    rows = pd.concat(_even_choice(parts, most), ignore_index=True)
    return rows.sort_values(["kind", "source", "experiment", "curve", "x"], kind="stable", ignore_index=True)


def even_places(count: int, most: int) -> list[int]:
    """So many places among 0 … count − 1, as evenly as can be; all of them where they are no more than that."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, most))})


def _points(name: str, table: pd.DataFrame, share: float) -> Iterator[pd.DataFrame]:
    """The curves of a table of points, with the experiment that its rows or the names of its curves tell."""
    kind = name.partition("_")[0]
    if kind not in KINDS:
        raise ValueError(
            f"table {name}: found a table of points; allowed: a name such as data_{name}: {', '.join(KINDS)}"
        )
    means = _means(table, ["curve"], "x", "x", "y")
    about = table.groupby("curve", sort=True)
    splits, firsts = about["split"].nunique(), about.first()
    fitted = set(map(tuple, table.loc[table["split"] == "fit", ["curve", "x"]].to_numpy()))
    for curve, mine in means.groupby("curve", sort=True):
        if splits[curve] > 1:
            seen = pd.Series([(curve, x) in fitted for x in mine["x"]], mine.index)
        else:
            seen = mine["x"] <= share * mine["x"].max()
        experiment = firsts.loc[curve, "experiment"] if "experiment" in table else "|".join(str(curve).split("|")[:2])
        points = mine[["x", "y"]].assign(seen=seen)
        yield _labelled(points, f"{name}/{curve}", kind, PUBLISHED, f"{name}/{experiment}")


def _read(name: str, table: pd.DataFrame, share: float) -> Iterator[pd.DataFrame]:
    """The curves of all forms that a table of networks, theory or simulation has."""
    rows = _usable(table)
    readings = [reading for reading in READINGS if reading.holds(rows.columns)]
    if not readings:
        raise ValueError(f"table {name}: found the columns {', '.join(table)}; allowed: {_forms()}")
    source = str(table["source"].iloc[0]).replace("training", NETWORKS)
    experiment = str(table["experiment"].iloc[0])
    for reading in readings:
        by = [column for column in reading.by if column in rows]
        for number, means in enumerate(_curves(rows, reading, by)):
            label = f"{experiment}/{reading.kind}_{reading.x}_{number:03d}"
            seen = means["x"] <= share * means["x"].max()
            yield _labelled(means.assign(seen=seen), label, reading.kind, source, experiment)


def _usable(table: pd.DataFrame) -> pd.DataFrame:
    """Rows after the first step of networks that never diverged, with the norm itself beside its logarithm."""
    rows = table
    if "step" in rows:
        rows = rows[rows["step"] > 0]
    if "diverged" in rows:
        rows = rows[~rows.groupby("curve")["diverged"].transform("max").astype(bool)]
    if "log_norm_spectral_complexity" in rows:
        rows = rows.assign(norm_of_network=np.exp(rows["log_norm_spectral_complexity"]))
    return rows


def _curves(rows: pd.DataFrame, reading: Reading, by: Sequence[str]) -> Iterator[pd.DataFrame]:
    if reading.last and "step" in rows:
        rows = rows[rows["step"] == rows.groupby("curve")["step"].transform("max")]
    means = _means(rows, by, reading.along or reading.x, reading.x, reading.y)
    groups = means.groupby(list(by), sort=True) if by else [((), means)]
    for _, mine in groups:
        if reading.along:  # a norm that shrinks again would make two values of one x
            mine = mine[mine["x"] > mine["x"].cummax().shift(fill_value=0.0)]
        yield mine[["x", "y"]]


def _means(rows: pd.DataFrame, by: Sequence[str], along: str, x: str, y: str) -> pd.DataFrame:
    """Geometric means of x and y over the repetitions at each value of `along`, of curves that may be long enough.

    A place where one of the repetitions is missing, or not positive, is left out.
    """
    keys = list(by)
    pair = rows[[*dict.fromkeys([*keys, along])]].assign(
        log_x=np.log(rows[x].where(rows[x] > 0)), log_y=np.log(rows[y].where(rows[y] > SMALLEST))
    )
    groups = pair.groupby([*keys, along], sort=True)
    means = groups[["log_x", "log_y"]].mean()
    known = groups[["log_x", "log_y"]].count().min(axis=1)
    table = means.assign(known=known).reset_index()
    every = table.groupby(keys)["known"].transform("max") if keys else table["known"].max()
    table = table[(table["known"] == every) & (table["known"] > 0)]
    if keys:
        table = table[table.groupby(keys)["known"].transform("size") >= FEWEST_SEEN + FEWEST_AHEAD]
    x_values = table[along] if along == x else np.exp(table["log_x"])
    return table.assign(x=x_values.astype(float), y=np.exp(table["log_y"]))


def _labelled(points: pd.DataFrame, curve: str, kind: str, source: str, experiment: str) -> pd.DataFrame:
    return points.assign(curve=curve, kind=kind, source=source, experiment=experiment)[list(COLUMNS)]


def _fit_for_use(curve: pd.DataFrame) -> bool:
    seen, ahead = curve[curve["seen"]], curve[~curve["seen"]]
    if len(seen) < FEWEST_SEEN or len(ahead) < FEWEST_AHEAD:
        return False
    return float(np.ptp(np.log(curve["y"]))) > LEAST_RANGE


def _even_choice(curves: Sequence[pd.DataFrame], most: int) -> list[pd.DataFrame]:
    groups: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for curve in curves:
        groups.setdefault((curve["experiment"].iloc[0], curve["kind"].iloc[0]), []).append(curve)
    return [mine[place] for mine in groups.values() for place in even_places(len(mine), most)]


def _thinned(curve: pd.DataFrame) -> pd.DataFrame:
    """At most sixty of the points, evenly chosen; those seen and those ahead keep their proportion."""
    return curve.iloc[even_places(len(curve), MOST_POINTS)]


def _forms() -> str:
    return "; ".join(dict.fromkeys(f"{reading.x}, {reading.y}" for reading in READINGS))
