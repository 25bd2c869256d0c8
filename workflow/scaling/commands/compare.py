"""Compare the tables of a run with reference values, row by row, within bands that allow for another machine.

Of every column the reference holds the values of all rows, or of some evenly spread ones, of words a digest. A number
may differ by some times the most that any number of its column did in runs on other machines, absolutely or as a share
of itself, whichever is less, and in any case by a floor of its stage: training, and fits with several minima, amplify
rounding. Where a choice among near equals jumps with rounding, only the number, mean and deviation of a column are
compared. The exit status is 1 when anything lies outside. Tables that the reference lacks, such as those of published
curves, are named.
"""

import hashlib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling import records
from scaling.files import atomic

MARGIN = 6  # times the differences seen
MARGINS = {"laptop": 2}  # a size that trains long: what that amplifies is seen, and wider bands would hide faults
# stage → what a value may differ by in any case, as a share of itself and of its column's deviation
FLOORS = {
    "theory": (1e-6, 1e-9),
    "simulation": (1e-3, 1e-4),
    "curves": (0.02, 0.02),
    "laws": (0.05, 0.0),
    "analysis": (0.05, 0.01),
}
# table → what mean and deviation of a column may differ by, as a share of the deviation: its exponents rest on which
# minimum is the least; .02 was seen between processors of two makers
JUMPING = {"analysis/network_multiverse/answer": 0.12}
DIGITS = 9  # of each value that are kept
KEY = ["table", "column"]
NUMBERS, SPREAD = "numbers", "number, mean, deviation"  # kinds of columns; words have their digest there


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("results", type=Path, metavar="results/SIZE", help="folder of the results of a size")
    parser.add_argument("reference", type=Path, metavar="REFERENCE.parquet", help="reference values of that size")
    parser.add_argument(
        "--write",
        type=Path,
        nargs="*",
        metavar="OTHER",
        help="make the reference from the results instead; bands from how far those of other machines lie from them",
    )
    parser.add_argument(
        "--rows", type=int, metavar="N", help="with --write: keep so many rows of a longer table, evenly spread"
    )


def run(options: Namespace) -> int:
    """Print what lies outside its band, one line each, and a count.

    Raises ValueError for a folder without tables, a reference of another size and fewer than three rows to keep.
    """
    if options.rows is not None and (options.write is None or options.rows < 3):
        raise ValueError(f"--rows: found {options.rows}; allowed: an integer ≥ 3, together with --write")
    found = summaries(options.results)
    if options.write is not None:
        reference = with_bands(found, [summaries(folder) for folder in options.write])
        if options.rows is not None:
            reference["values"] = [values[spread(len(values), options.rows)] for values in reference["values"]]
        with atomic(options.reference) as path:
            reference.to_parquet(path, index=False, compression="zstd", compression_level=19)
        return 0
    reference = of_size(records.read_table(options.reference), str(found["size"].iloc[0]))
    known = found["table"].isin(reference["table"])
    lines = list(differences(found[known], reference))
    beyond = [f"{table}: not in the reference" for table in found.loc[~known, "table"].unique()]
    print(*lines, *beyond, f"{known.sum()} columns, {len(lines)} outside of their bands", sep="\n")
    return int(bool(lines))


def summaries(results: Path) -> pd.DataFrame:
    """One row for each table and column: size of the run, number of rows, kind and values."""
    rows = []
    for stage in FLOORS:
        for path in sorted((results / stage).rglob("*.parquet")):
            table = records.read_table(path)
            place = str(path.relative_to(results).with_suffix(""))
            about = {"size": results.resolve().name, "table": place}
            for name in table:
                summary = _summary(table[name], place in JUMPING)
                rows.append(about | {"column": str(name), "rows": len(table)} | summary)
    if not rows:
        raise ValueError(f"{results}: found no table; allowed: results/smoke or another size")
    return pd.DataFrame(rows)


def of_size(reference: pd.DataFrame, size: str) -> pd.DataFrame:
    """The reference itself. Raises ValueError where it is none, or one of another size."""
    if not {"size", "values", "absolute", "relative", *KEY} <= set(reference):
        raise ValueError("the reference: found no values; allowed: a file that compare --write made")
    if (other := str(reference["size"].iloc[0])) != size:
        raise ValueError(f"the reference: found values of size {other}; allowed: of size {size}, as the results")
    return reference


def with_bands(found: pd.DataFrame, others: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Summaries with the largest differences of others from them: `absolute`, and `relative` to each value."""
    bands = np.zeros((len(found), 2))
    for other in others:
        both = found.merge(other, on=KEY, how="left", suffixes=("", "_other"))
        for place, row in enumerate(both.itertuples()):
            if row.kind == row.kind_other == NUMBERS and row.rows == row.rows_other:
                with np.errstate(divide="ignore", invalid="ignore"):
                    gaps = np.abs(row.values_other - row.values)
                    shares = (gaps / np.abs(row.values))[np.isfinite(gaps) & (row.values != 0)]
                seen = (gaps[np.isfinite(gaps)].max(initial=0), shares.max(initial=0))
                bands[place] = np.maximum(bands[place], seen)
    return found.assign(absolute=bands[:, 0], relative=bands[:, 1])


def differences(found: pd.DataFrame, reference: pd.DataFrame) -> Iterator[str]:
    """A line for each column that is missing, new, of another length or with other words, or outside its band."""
    both = reference.merge(found, on=KEY, how="outer", suffixes=("_expected", ""), indicator="side")
    for row in both.itertuples():
        place = f"{row.table}: {row.column}"
        if row.side != "both":
            yield f"{place}: {'missing' if row.side == 'left_only' else 'not in the reference'}"
        elif row.rows != row.rows_expected:
            yield f"{place}: {row.rows:.0f} rows instead of {row.rows_expected:.0f}"
        elif row.kind != row.kind_expected:
            yield f"{place}: other words"
        elif row.kind in (NUMBERS, SPREAD):
            yield from (f"{place}: {line}" for line in _outside(row))


def spread(rows: int, kept: int) -> NDArray[np.intp]:
    """The places of the rows that are kept of so many: all, or evenly spread ones from the first to the last."""
    return np.linspace(0, rows - 1, min(rows, kept)).astype(np.intp)


def _summary(column: pd.Series, jumps: bool) -> dict[str, Any]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        if not jumps:
            return {"kind": NUMBERS, "values": _rounded(values)}
        finite = values[np.isfinite(values)]
        spread = [len(finite), finite.mean() if len(finite) else 0, finite.std() if len(finite) else 0]
        return {"kind": SPREAD, "values": _rounded(np.array(spread))}
    words = "\n".join(column.astype(str))
    return {"kind": hashlib.sha256(words.encode()).hexdigest()[:12], "values": np.empty(0)}


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values with the digits that are kept."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])


def _outside(row: Any) -> Iterator[str]:
    """The row that lies farthest outside of the band of its column, if any does."""
    expected, found = np.asarray(row.values_expected), np.asarray(row.values)
    places = spread(len(found), len(expected))
    found = found[places]
    share, of_deviation = FLOORS[str(row.table).partition("/")[0]]
    size, finite = np.abs(expected), np.isfinite(expected)
    deviation = expected[finite].std() if finite.any() else 0.0
    if row.kind == SPREAD:
        share = of_deviation = JUMPING[row.table]
        size, deviation = np.array([expected[0], 0.0, 0.0]), expected[2]
    with np.errstate(invalid="ignore"):
        seen = np.minimum(row.absolute, row.relative * size)
        band = MARGINS.get(row.size_expected, MARGIN) * seen + share * size + of_deviation * deviation
        allowed = np.where(finite, band, 0)
        gaps = np.where((expected == found) | (np.isnan(expected) & np.isnan(found)), 0, np.abs(found - expected))
    outside = ~(gaps <= allowed)
    if outside.any():
        worst = int(np.argmax(np.where(outside, np.nan_to_num(gaps - allowed, nan=np.inf), -np.inf)))
        others = f", and {outside.sum() - 1} more" if outside.sum() > 1 else ""
        yield f"row {places[worst]}: {found[worst]:.9g} instead of {expected[worst]:.9g} ± {allowed[worst]:.1g}{others}"
