"""Compare the tables of a run with reference values, within bands that allow for another machine.

Of every numeric column of a table the reference holds how many values are finite, their mean and their standard
deviation. A mean may differ by a share of that deviation that depends on the stage, six times and more what changed
when the processor was made to do without its newer instructions: training, and fits with several minima, amplify
rounding. One table has a band of its own, found after a run on a processor of another maker lay outside its stage's.
The exit status is 1 when anything lies outside.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from scaling import records

# stage → how far a mean may lie from the reference, in standard deviations, beyond its own rounding
BANDS = {"theory": 1e-6, "simulation": 0.1, "curves": 0.01, "laws": 0.1, "analysis": 0.01}
WIDER = {"analysis/network_multiverse/answer": 0.12}  # .02 between processors of two makers
ROUNDING = 1e-6
KEY = ["table", "column"]
COLUMNS = {
    "table": ("", "table that a summary is of, by its place under the results"),
    "column": ("", "its column"),
    "finite": ("", "how many of its values are finite"),
    "mean": ("unit of the column", "their mean", "no value is finite"),
    "deviation": ("unit of the column", "their standard deviation", "no value is finite"),
}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("results", type=Path, metavar="results/SIZE", help="folder of the results of a size")
    parser.add_argument("reference", type=Path, metavar="REFERENCE.csv", help="reference values of that size")
    parser.add_argument("--write", action="store_true", help="make the reference from the results instead")


def run(options: Namespace) -> int:
    """Print what lies outside its band, one line each, and a count; raise ValueError for a folder without tables."""
    found = summaries(options.results)
    if options.write:
        records.write_table(found, options.reference, COLUMNS)
        return 0
    lines = list(differences(found, records.read_table(options.reference)))
    print(*lines, f"{len(found)} columns, {len(lines)} outside of their bands", sep="\n")
    return int(bool(lines))


def summaries(results: Path) -> pd.DataFrame:
    """One row for each table and numeric column: how many values are finite, their mean and standard deviation."""
    rows = []
    for stage in BANDS:
        for path in sorted((results / stage).rglob("*.parquet")):
            numbers = records.read_table(path).select_dtypes("number").astype(float)
            for column, values in numbers.items():
                finite = values[np.isfinite(values)]
                about = {"table": str(path.relative_to(results).with_suffix("")), "column": column}
                rows.append(about | {"finite": len(finite), "mean": finite.mean(), "deviation": finite.std(ddof=0)})
    if not rows:
        raise ValueError(f"{results}: found no table; allowed: results/smoke, laptop or paper")
    return pd.DataFrame(rows)


def differences(found: pd.DataFrame, reference: pd.DataFrame) -> Iterator[str]:
    """A line for each column that is missing, new, or whose count or mean lies outside its band."""
    both = reference.merge(found, on=KEY, how="outer", suffixes=("_expected", ""), indicator="side")
    for row in both.itertuples():
        place, band = f"{row.table}: {row.column}", _band(str(row.table))
        allowed = band * row.deviation_expected + ROUNDING * abs(row.mean_expected)
        if row.side != "both":
            yield f"{place}: {'missing' if row.side == 'left_only' else 'not in the reference'}"
        elif abs(row.finite - row.finite_expected) > band * row.finite_expected:
            yield f"{place}: {row.finite:.0f} finite values instead of {row.finite_expected:.0f}"
        elif row.finite and abs(row.mean - row.mean_expected) > allowed:
            yield f"{place}: mean {row.mean:.9g} instead of {row.mean_expected:.9g} ± {allowed:.1g}"


def _band(table: str) -> float:
    return WIDER.get(table, BANDS[table.partition("/")[0]])
