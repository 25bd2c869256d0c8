"""How far fits can be trusted: made curves of thirteen families whose truth is known, and the 92 published ones.

For each family, and for each kind of contamination: the error at the points in units of the noise, how often the 90 %
interval of the law holds the truth at 4 and 10 times the last x, the median error and width there, and how often a fit
warns; the same by noise and by number of points. `own_error` above 1 means a law that misses its own points. The
published curves are taken from the folder that SCALING_DATA names, where they are found there.
"""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from scaling import registry
from scaling.analysis import calibration, held_out_errors
from scaling.commands._measured_numbers import Number
from scaling.fitting import fit_many

SOURCE = "published_benchmark"
LEVEL = 0.9


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--curves", type=int, default=7, help="curves of each family (default: 7)")
    parser.add_argument("--seed", type=int, default=0, help="of the curves (default: 0)")
    parser.add_argument(
        "--fits", nargs="+", default=list(calibration.METHODS), choices=list(calibration.METHODS), help="ways to fit"
    )


def measure(options: Namespace) -> Iterator[Number]:
    """The error at the points of each family and way to fit, in units of the noise; the tables are printed beside them.

    Raises ValueError for a number of curves below 1 or a seed below 0.
    """
    if options.curves < 1 or options.seed < 0:
        raise ValueError("--curves: allowed: an integer ≥ 1; --seed: allowed: an integer ≥ 0")
    curves = calibration.made_curves(options.curves, options.curves, options.seed)
    for method in options.fits:
        rows = calibration.scores(curves, method)
        clean = rows[rows["contamination"] == "none"]
        print(f"\n{method}: {len(curves)} made curves")
        families = calibration.summary(clean, ["family"])
        print(shown(families))
        for groups in (["family_kind", "contamination"], ["noise_level"], ["points"]):
            print(f"\n{shown(calibration.summary(rows, groups).sort_values(groups))}")
        for family, error in zip(families["family"], families["own_error"], strict=True):
            yield Number(f"{method}: error of {family} over the noise", float(error), "times", more_is_better=False)
    print(f"\n{published(os.environ.get('SCALING_DATA', ''))}")


def shown(table: pd.DataFrame) -> str:
    """A table for the terminal."""
    return str(table.to_string(index=False, float_format=lambda value: f"{value:.3g}"))


def published(folder: str) -> str:
    """What the default makes of the 92 published curves, in one line; or why it cannot say."""
    source = registry.load("curves", SOURCE)
    try:
        points = source.points({}, source.files({}, Path(folder) if folder else None))
    except (ValueError, OSError) as missing:
        return f"published curves: {missing}"
    fitted = {name: rows[rows["split"] == "fit"] for name, rows in points.groupby("curve")}
    fits = fit_many({name: (rows["x"], rows["y"]) for name, rows in fitted.items()})
    errors, inside = [], []
    for name, rows in points[points["split"] == "test"].groupby("curve"):
        error = np.log(fits[name].predict(rows["x"])) - np.log(rows["y"])
        low, high = fits[name].interval(rows["x"], LEVEL)
        errors.append(float(np.sqrt(np.average(error**2, weights=rows["weight"]))))
        inside.append(float(np.average((low <= rows["y"]) & (rows["y"] <= high), weights=rows["weight"])))
    language = [held_out_errors.domain(str(name)) == held_out_errors.LANGUAGE for name in fits]
    mean, of_language = np.mean(errors), np.mean(np.array(errors)[language])
    return (
        f"published curves: {len(fits)}, mean error {mean:.4f} (language {of_language:.4f}), worst {max(errors):.3f}, "
        f"new points inside 90 % intervals {np.mean(inside):.3f}"
    )
