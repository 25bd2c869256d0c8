"""Fit laws to learning curves of your own: a table in CSV, TSV, JSON lines, Parquet or a trainer's log.

Rows whose split is `test` are held out and predicted. Into the folder of the results go a page `report.html`, a figure
of each curve, the parameters and the predictions with intervals, a comparison of laws by what each would have predicted
of the later points from the earlier ones, what to be careful about, and the whole record.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaling import registry

if TYPE_CHECKING:  # what takes time to import is imported once the options are known to be good
    from scaling.curves.tabular import Reading

COMPARED = ["power_law", "power_law_offset", "m3", "bnsl:1", "bnsl:2"]
METRICS = ("loss", "error", "accuracy")
SHOWN = 12


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    laws = ", ".join(registry.names("laws"))
    parser.add_argument("curves", type=Path, metavar="FILE", help="CSV, TSV, JSON, JSON lines, Parquet, trainer_state")
    _add_columns(parser)
    parser.add_argument("--metric", choices=METRICS, default="loss", help="what y is (default: loss)")
    parser.add_argument("--ceiling", type=float, help="the value that a rising y cannot pass (accuracy: 1 or 100)")
    through = "column of the loss: also fit the loss over x, then y over the loss"
    parser.add_argument("--through", metavar="LOSS_COLUMN", help=through)
    parser.add_argument("--law", help=f"one of {laws} (default: bnsl, or a simpler one where there are few points)")
    parser.add_argument("--breaks", help="0 to 3, or auto: chosen by BIC (default: 1)")
    parser.add_argument("--mode", help="least_squares, mode or posterior (default: posterior where the law allows it)")
    prior = "default (rival beliefs, in the mode posterior), published or weak"
    parser.add_argument("--prior", default="default", help=prior)
    parser.add_argument("--objective", default="log", help="log or log1p: whose squared error counts")
    parser.add_argument("--random-seed", type=int, default=0, help="of starts and chains")
    parser.add_argument("--level", type=float, default=0.9, help="coverage of the intervals (default: 0.9)")
    extrapolate = "predict to so many times the last x (default: 10)"
    parser.add_argument("--extrapolate", type=float, default=10, help=extrapolate)
    parser.add_argument("--reach", type=float, nargs="*", default=[], metavar="Y", help="values whose x is wanted")
    compare = f"laws to compare with, by least squares (default: {' '.join(COMPARED)})"
    parser.add_argument("--compare", nargs="*", default=COMPARED, metavar="LAW[:BREAKS]", help=compare)
    parser.add_argument("--strict", action="store_true", help="exit status 1 if any curve could not be fitted")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the results")


def _add_columns(parser: ArgumentParser) -> None:
    parser.add_argument("--x", metavar="COLUMN", help="column of x (default: x, or the steps of a tracker)")
    parser.add_argument("--y", nargs="+", metavar="COLUMN", help='columns of y, or patterns such as "* - val/loss"')
    parser.add_argument("--curve", metavar="COLUMN", help="column that names the curve (default: curve; none: unused)")
    parser.add_argument("--seed", metavar="COLUMN", help="column that tells repetitions apart (default: seed)")
    parser.add_argument("--weight", metavar="COLUMN", help="column of relative weights (default: weight)")
    parser.add_argument("--from", dest="start", type=float, metavar="X", help="leave out smaller x")
    parser.add_argument("--to", dest="stop", type=float, metavar="X", help="leave out larger x")
    parser.add_argument("--repeats", choices=["mean", "last"], help="what rows of equal x without a seed are")
    parser.add_argument("--decimal", choices=["comma", "point"], help="what stands before decimals, where it is open")


def run(options: Namespace) -> int:
    """Read, fit, compare, draw and write; prints what was read, the fits and the comparison."""
    if not 1 <= options.extrapolate < float("inf"):
        raise ValueError(f"--extrapolate: found {options.extrapolate:g}; allowed: a number ≥ 1")
    if not 0 < options.level < 1:
        raise ValueError(f"--level: found {options.level:g}; allowed: a number between 0 and 1")
    reading, ceiling = _read(options)
    if ceiling is not None and options.ceiling is None:
        reading.notes.append(f"an accuracy below {ceiling:g} (--ceiling names another)")
    print(reading.account())
    from scaling.commands import _fit_results

    options.typed = sys.argv[1:]
    results = _fit_results.make(reading, options, ceiling)
    _print(results)
    return 1 if not results.fits or (options.strict and results.failed) else 0


def _read(options: Namespace) -> tuple["Reading", float | None]:
    """The curves of the file, and the ceiling: the one that is asked for, or that of the metric."""
    from scaling.curves.tabular import read_curves

    names = ("x", "y", "curve", "seed", "weight", "start", "stop", "repeats", "decimal")
    asked: dict[str, Any] = {name: getattr(options, name) for name in names}
    options.asked = asked
    ceiling = options.ceiling
    if ceiling is None and options.metric == "accuracy":
        highest = read_curves(options.curves, **asked).points["y"].max()
        ceiling = 1.0 if highest <= 1 else 100.0
    return read_curves(options.curves, **asked, ceiling=ceiling), ceiling


def _print(results: Any) -> None:
    def show(table: Any) -> None:
        print(table.head(SHOWN).to_string(index=False, float_format="%.4g", na_rep=""))
        if len(table) > SHOWN:
            print(f"… and {len(table) - SHOWN} more")

    show(results.summary[results.summary["status"] == "fitted"].drop(columns="status"))
    for name, why in results.failed.items():
        print(f"{name}: not fitted: {why}")
    if len(results.leaders):
        show(results.leaders.iloc[:, [0, 1, 2, -1]])
    for name, table in results.through.items():
        last = table.iloc[-1]
        ends = f"{last['value']:.4g} [{last['low']:.4g}, {last['high']:.4g}]"
        print(f"{name}: through the loss {ends} at x = {last['x']:.4g}")
    if results.reached is not None:
        show(results.reached)
    for row in results.warnings.head(SHOWN).itertuples():
        print(f"{row.curve}: {row.message}" + (f" [try {row[-1]}]" if row[-1] else ""))
    counts = f"{len(results.fits)} curves fitted, {len(results.failed)} not, {len(results.warnings)} warnings"
    print(f"{counts}: see {results.folder / 'report.html'}")
