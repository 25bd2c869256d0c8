"""Measures of paper C: Caballero et al., broken neural scaling laws (arXiv 2210.14891)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.analysis import compute_optimal, held_out_errors
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
RIVALS = ("m1", "m2", "m3", "m4")
EXAMPLE, OTHER_EXAMPLE = "IC|bird_10|BiT/101/3", "IC|bird_10|BiT/50/1"


def extrapolation_error(tables: Tables) -> Measurement:
    """Root mean squared log error of a law on the points it was not fitted to."""
    return Measurement(_one(_errors(tables)))


def limit(tables: Tables) -> Measurement:
    """a: what the law tends to."""
    return _parameter(tables, "a")


def break_place(tables: Tables) -> Measurement:
    """d₁: where the slope changes."""
    return _parameter(tables, "d1")


def sharpness(tables: Tables) -> Measurement:
    """f₁: how sharply it changes, in units of log x."""
    return _parameter(tables, "f1")


def error_from_405_points(tables: Tables) -> Measurement:
    """Error beyond the first 405 points of the noiseless curve."""
    return Measurement(float(_errors(tables).loc["0405"]))


def error_from_390_points(tables: Tables) -> Measurement:
    """Error beyond the first 390 points of the noiseless curve."""
    return Measurement(float(_errors(tables).loc["0390"]))


def error_from_350_points(tables: Tables) -> Measurement:
    """Error beyond the first 350 points of the noiseless curve."""
    return Measurement(float(_errors(tables).loc["0350"]))


def mean_error(tables: Tables) -> Measurement:
    """Mean over curves of the error beyond the fitted points."""
    errors = _errors(tables)
    return Measurement(float(errors.mean()), n=len(errors))


def example_error(tables: Tables) -> Measurement:
    """Error on the published example, 10-shot birds with BiT/101/3."""
    return Measurement(float(_errors(tables).loc[EXAMPLE]))


def other_example_error(tables: Tables) -> Measurement:
    """Error on another published example, 10-shot birds with BiT/50/1."""
    return Measurement(float(_errors(tables).loc[OTHER_EXAMPLE]))


def image_share(tables: Tables) -> Measurement:
    """Share of image curves on which BNSL predicts best among the four rivals and itself."""
    return _share(tables, held_out_errors.IMAGES)


def language_share(tables: Tables) -> Measurement:
    """Share of language curves on which BNSL predicts best among the four rivals and itself."""
    return _share(tables, held_out_errors.LANGUAGE)


def coverage(tables: Tables) -> Measurement:
    """Mean over curves of the share of held-out points inside the 90 % interval."""
    inside = held_out_errors.coverage(tables["points"], tables["predictions"], [0.9])[0.9]
    return Measurement(float(inside.mean()), n=len(inside))


def allocation_exponent(tables: Tables) -> Measurement:
    """How the best number of parameters grows with the operations, β/(α+β)."""
    fitted = compute_optimal.fit_runs(tables["points"])
    low, high = fitted.interval("exponent", 0.95)
    runs = len(tables["points"])
    return Measurement(fitted.law.exponent, low, high, 0.95, runs, f"{compute_optimal.RESAMPLES} resamples of the runs")


def parameters_exponent(tables: Tables) -> Measurement:
    """α of the fit to all runs: the same runs have one optimum, which has no interval."""
    return Measurement(compute_optimal.fit_runs(tables["points"]).law.alpha)


def tokens_exponent(tables: Tables) -> Measurement:
    """β of the fit to all runs."""
    return Measurement(compute_optimal.fit_runs(tables["points"]).law.beta)


def _errors(tables: Tables) -> pd.Series:
    return held_out_errors.errors(tables["points"], {"law": tables["predictions"]})["law"]


def _one(values: pd.Series) -> float:
    (value,) = values
    return float(value)


def _share(tables: Tables, domain: str) -> Measurement:
    errors = held_out_errors.errors(tables["points"], {law: tables[law] for law in (*RIVALS, "bnsl")})
    mine = [held_out_errors.domain(curve) == domain for curve in errors.index]
    return Measurement(float(held_out_errors.share_best(errors).loc["bnsl", domain]), n=int(np.sum(mine)))


def _parameter(tables: Tables, symbol: str) -> Measurement:
    return Measurement(float(tables["parameters"].set_index("parameter").loc[symbol, "value"]))
