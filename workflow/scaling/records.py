"""Tidy tables: one row is one measurement, every column is documented here, and every write is atomic.

The bridge from measurements to laws, and the CSV of a user, has the columns `curve, x, y` with optional `weight`,
`split` (`fit` or `test`) and `seed` (rows that differ in the seed alone are repetitions of one measurement).
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd


class Column(NamedTuple):
    """What a column holds. `may_be_blank` columns may hold missing values; all others must be complete."""

    unit: str
    meaning: str
    may_be_blank: bool = False


TOLD_APART_BY = ["width", "learning_rate", "label_noise", "init_factor", "train_size", "seed", "step"]  # measurements

COLUMNS = {
    # learning curves
    "curve": Column("", "name of the curve a row belongs to"),
    "source": Column("", "where the measurement comes from: training, theory, simulation, published or csv"),
    "experiment": Column("", "entry of the configuration that made it"),
    "dataset": Column("", "data set trained on"),
    "model": Column("", "architecture trained"),
    "width": Column("units", "width of the hidden layers"),
    "parameters": Column("", "number of trained parameters"),
    "learning_rate": Column("", "learning rate"),
    "label_noise": Column("fraction", "training labels replaced by another class"),
    "init_factor": Column("", "factor on all weight matrices at the start"),
    "train_size": Column("examples", "number of training examples, P"),
    "seed": Column("", "seed of a repetition"),
    "group": Column("", "cells trained in one batch, by name; its composition is fixed by the configuration"),
    "epoch": Column("epochs", "passes over the training set"),
    "step": Column("steps", "optimiser steps"),
    "train_loss": Column("nats", "mean loss on the training set (for mse: squared difference)", may_be_blank=True),
    "validation_loss": Column("nats", "mean loss on the validation set", may_be_blank=True),
    "test_loss": Column("nats", "mean loss on the test set", may_be_blank=True),
    "train_error": Column("fraction", "misclassified share of the training set", may_be_blank=True),
    "validation_error": Column("fraction", "misclassified share of the validation set", may_be_blank=True),
    "test_error": Column("fraction", "misclassified share of the test set", may_be_blank=True),
    **{
        f"{part}_{measure}": Column(unit, f"the {words} on the {part} training examples", may_be_blank=True)
        for part in ("clean", "flipped")
        for measure, unit, words in (("loss", "nats", "mean loss"), ("error", "fraction", "misclassified share"))
    },
    "converged": Column("", "whether the training set is fitted: no error and a loss below 1e-3 nats"),
    "diverged": Column("", "whether a loss or weight stopped being finite; the row's values are then blank"),
    # theory
    "alpha": Column("examples per weight", "α: load P/N of the perceptron, or time of one-pass descent"),
    "norm": Column("", "norm of the weights per square root of their number, λ"),
    "overlap": Column("", "cosine between student and teacher, R"),
    "error": Column("fraction", "generalisation error, ε; of two-layer networks half the mean squared difference"),
    "optimal_norm": Column("", "norm at which the error is least"),
    "optimal_error": Column("fraction", "the error there"),
    "slope": Column("", "logarithmic slope d log ε / d log λ"),
    "hebb_error": Column("fraction", "error of the Hebb rule, the limit of small norm"),
    "bayes_error": Column("fraction", "error of the optimal classifier, a lower bound"),
    "max_stability_error": Column("fraction", "error of the maximum-margin classifier, the limit of large norm"),
    # perceptron: simulation beside theory
    "dimension": Column("weights", "number of weights of a perceptron, or of inputs of a two-layer network, N"),
    "theory_error": Column(
        "fraction", "error at fixed norm in theory, for infinitely many weights, at the same load and norm"
    ),
    "fixed_norm_error": Column("fraction", "error at fixed norm on the same examples"),
    "flow_ratio": Column("", "error under gradient flow over error at fixed norm, for many examples"),
    "schedule": Column("", "how the step size of gradient descent is set"),
    "halved_error": Column("fraction", "the error when all steps are halved"),
    "norm_per_load": Column("", "norm of the weights over load, λ/α"),
    "error_times_load": Column("examples per weight", "load times generalisation error, αε, for infinite load"),
    "optimal_norm_per_load": Column("", "the ratio λ/α at which the error is least"),
    "optimal_error_times_load": Column("examples per weight", "αε there"),
    # scale and time in networks
    "run": Column("", "kind of training, by the name its learning curves have in the entry"),
    "threshold": Column("of the baseline", "loss to reach, as a fraction of that of the best constant"),
    "time": Column("steps", "median over seeds of the steps to a threshold; blank where half never reach it", True),
    "status": Column("", "whether a threshold is reached, so early that its time is rounded, or never"),
    "reached": Column("networks", "how many reach the threshold"),
    "scale": Column("", "what measures the size of a network"),
    "r_squared": Column("", "share of the variance that a fit explains", True),
    "time_slope": Column("", "log-log slope of the median time to a threshold on the scale", True),
    "curvature": Column("", "coefficient of the square of log scale in log time", True),
    "curvature_low": Column("", "lower end of its interval", True),
    "curvature_high": Column("", "upper end of its interval", True),
    "is_inverse": Column("", "whether the 90 % interval of a slope lies within −1 ± 0.1"),
    "widths": Column("", "number of widths behind a value"),
    "censored_widths": Column("", "widths of which half of the networks or more never reach the threshold"),
    "rounded_widths": Column("", "widths that reach it within a few steps"),
    "censored_networks": Column("networks", "how many never reach the threshold"),
    "choice": Column("", "how the effective scale was chosen"),
    "kappa": Column("", "power of the size that multiplies time, κ"),
    "low_widths": Column("", "lower end of the interval by the jackknife over widths", True),
    "high_widths": Column("", "upper end of the interval by the jackknife over widths", True),
    "from_width": Column("units", "width whose curve predicts"),
    "to_width": Column("units", "width whose curve is predicted"),
    "method": Column("", "how time is stretched for a prediction"),
    "median_error": Column("fraction", "median over measurements of |predicted/observed − 1|", True),
    "log_error": Column("natural log", "root mean squared error of the log loss", True),
    "measurements": Column("", "number of measurements compared"),
    "held_out_width": Column("units", "width that a law was not fitted to"),
    "kernel": Column("", "aligned tangent kernel before training, K"),
    "kernel_input": Column("", "part of the first layer in K"),
    "kernel_hidden": Column("", "part of the layers between"),
    "kernel_output": Column("", "part of the last layer"),
    # double descent of networks
    "final_loss": Column("squared difference", "test loss at the end of training"),
    "final_error": Column("fraction", "misclassified share of the test set at the end of training"),
    "stopped_loss": Column("squared difference", "test loss at the step of least validation loss"),
    "stopped_step": Column("steps", "that step"),
    "best_step": Column("steps", "step of least test loss"),
    "clean_time": Column("steps", "step at which training examples with their true label are learnt", True),
    "flipped_time": Column("steps", "step at which those with a flipped label are learnt", True),
    "observed": Column("squared difference", "mean over seeds of the test loss"),
    "predicted_loss": Column("squared difference", "the test loss as predicted from another network"),
    "unstretched": Column("squared difference", "that other network's test loss at the same step"),
    "standard_error": Column("of the value", "standard error of a mean over seeds", True),
    "above_capacity": Column("", "whether there are as many parameters as outputs to fit"),
    "examples": Column("examples", "number of examples with random labels that a network fits", True),
    # linear models of double descent, random subspaces, random features
    "directions": Column("", "number of trained directions (of random features: features) of a linear model, p"),
    "raw_time": Column("", "time of gradient flow, t"),
    "scale_time": Column("", "scale times time, τ = p·t; blank where a loss is never reached", may_be_blank=True),
    "noise": Column("", "variance of the label noise, σ²"),
    "risk": Column("squared difference", "excess risk on new inputs without label noise"),
    "unified_risk": Column("squared difference", "excess risk of infinitely many directions at the same τ, F_n(τ)"),
    "theory_risk": Column("squared difference", "excess risk of the theory of many samples and directions"),
    "draw": Column("", "number of a random draw"),
    "draws": Column("", "number of random draws behind a value"),
    "loss_share": Column("", "loss to reach, as a share of the first loss"),
    "large_model_time": Column("", "time until the large model reaches it", may_be_blank=True),
    "distance": Column("", "distance of a small model from the large one at equal scale × time, ‖α − A‖"),
    "uniform_bound": Column("", "bound of that distance that does not grow with time"),
    "exponential_bound": Column("", "bound of that distance that grows exponentially"),
    "largest_distance": Column("", "largest distance over time"),
    "largest_share_of_bound": Column("", "largest ratio over time of the distance to the uniform bound"),
    # two-layer networks with power-law spectra
    "units": Column("units", "number of students and of teachers, K = M"),
    "groups": Column("", "number of groups of equal eigenvalues of the input covariance, L"),
    "exponent": Column("", "exponent β of the eigenvalues λ_l ∝ l^−(1+β)"),
    "network": Column("", "what is special to a network"),
    "activation": Column("", "activation of the units"),
    "moment": Column("", "second moment of the spectrum, tr Σ²/N, its first being 1"),
    "spread": Column("fraction", "largest relative change of eigenvalues that were equal"),
    "escape_time": Column("examples per weight", "time at which the specialization is 1/2", may_be_blank=True),
    "theory_escape_time": Column("examples per weight", "that time in theory, for the same weights at the start"),
    "growth_time": Column("examples per weight", "time in which the specialization grows by e, fitted"),
    "predicted_growth_time": Column("examples per weight", "that time on the plateau, in closed form"),
    "plateau_error": Column("", "error where it falls slowest before the escape"),
    "predicted_plateau_error": Column("", "error on the plateau, in closed form"),
    "late_error": Column("", "error long after the escape, in closed form"),
    "discrete_error": Column("", "mean error over examples, exact at any number of weights"),
    "expected_error": Column("", "error in theory"),
    "small_rate_error": Column("", "error at small learning rate"),
    "power_law_error": Column("", "power law of infinitely many eigenvalues"),
    "finite_power_law_error": Column("", "power law with its cut-offs by the first and last eigenvalue"),
    "residual": Column("", "error of the best linear network"),
    "trained": Column("", "number of leading directions that are trained"),
    "eigenvalue": Column("", "eigenvalue of the input covariance, the mean being 1"),
    "asymptotic_slope": Column("", "slope of log ε on log α for infinitely many eigenvalues"),
    "fitted_slope": Column("", "that slope fitted in the window of the power law"),
    "flattest_slope": Column("", "the local slope nearest to 0 there"),
    "law_deviation": Column(
        "fraction", "largest relative distance of the curve from the power law with cut-offs there"
    ),
    "maximum_rate": Column("", "largest stable learning rate for many weights"),
    "discrete_maximum_rate": Column("", "largest stable learning rate of a finite number of weights"),
    # curves and laws
    "x": Column("of the curve", "what the law takes"),
    "y": Column("of the curve", "what the law predicts"),
    "weight": Column("", "relative weight of a point in a fit"),
    "split": Column("", "fit: given to the fit; test: held out and predicted"),
    "law": Column("", "law fitted"),
    "parameter": Column("", "symbol of a law's parameter, or of a quantity derived from the fit"),
    "meaning": Column("", "what it stands for, in words"),
    "value": Column("", "point estimate"),
    "low": Column("", "lower end of the interval", may_be_blank=True),
    "high": Column("", "upper end of the interval", may_be_blank=True),
    "level": Column("fraction", "coverage the interval aims at", may_be_blank=True),
    "n": Column("", "number of repetitions behind the interval", may_be_blank=True),
    "interval": Column("", "how the interval was made", may_be_blank=True),
    # networks: dynamical scaling laws
    "clock": Column("", "what a curve is followed along: the column of a log norm, step, or train_loss"),
    "selected_on": Column("", "measure at whose least value each network is selected, or a difference of two"),
    "train_sizes": Column("", "number of train sizes that are used"),
    "left_out": Column("", "number of seeds that diverged or were not trained at every train size"),
    "jackknife_low": Column("", "lower end when one train size at a time is left out", may_be_blank=True),
    "jackknife_high": Column("", "upper end when one train size at a time is left out", may_be_blank=True),
    "censored": Column("fraction", "share of the seeds whose optimum lies beyond half of their training"),
    "used": Column("", "whether a train size enters the exponents"),
    "estimator": Column("", "how the optimum is found"),
    "window": Column("", "part of the early curve in which γ₁ is measured"),
    "first_train_size": Column("examples", "smallest train size used"),
    **{
        f"gamma_{name}": Column("", words, may_be_blank=True)
        for name, words in (
            ("1", "minus the early log-log slope of error on norm"),
            ("2", "log-log slope of the optimal norm on train size"),
            ("measured", "minus the log-log slope of the least error on train size"),
            ("locus", "minus the log-log slope of the least error on the optimal norm"),
            ("predicted", "γ₁ γ₂"),
        )
    },
    "quantity": Column("", "what is predicted: the least error or the optimal log norm"),
    "predicted": Column("of the quantity", "value predicted from smaller train sizes"),
    "aic": Column("", "Akaike criterion less that of the power law"),
    "bic": Column("", "Bayesian criterion less that of the power law"),
    "variant": Column("", "number of a variant of a published experiment, in the order stored"),
    "norm_at_least_error": Column("", "mean over seeds of the norm at their least test error, published"),
    "stored_gamma_1": Column("", "γ₁ stored with the published curves"),
    "stored_gamma_2": Column("", "γ₂ stored with the published curves"),
    "stored": Column("", "value stored with the published curves", may_be_blank=True),
    "quoted_error": Column("", "error as the published analysis quotes it", may_be_blank=True),
    "window_left": Column("", "left end of a window set by hand, over the norm at the lowest point", may_be_blank=True),
    "window_right": Column("", "right end of it", may_be_blank=True),
    "first_for_gamma_1": Column("", "position of the first train size that counts for γ₁"),
    "first_for_gamma_2": Column("", "position of the first train size that counts for γ₂"),
    # figures
    "panel": Column("", "panel of a figure"),
    "series": Column("", "line or set of points in a panel"),
    # the claims ledger
    "id": Column("", "short name of a claim"),
    "paper": Column("", "paper it is from: A, B, C or D; ours for our own"),
    "statement": Column("", "what is claimed"),
    "published": Column("unit", "published value", may_be_blank=True),
    "published_error": Column("unit", "published error of it", may_be_blank=True),
    "measured": Column("unit", "our value", may_be_blank=True),
    "tolerance": Column("unit", "absolute tolerance, fixed before measuring", may_be_blank=True),
    "verdict": Column("", "reproduced, not reproduced or inconclusive"),
    "reason": Column("", "why a verdict is inconclusive", may_be_blank=True),
    "unit": Column("", "unit of a claim's values", may_be_blank=True),
    "size": Column("", "size of the run: smoke, laptop or paper"),
    "relation": Column("", "how measured and published are to compare: =, ≤ or ≥"),
}


def column(name: str) -> Column:
    """Documentation of a column; `log_norm_<name>` stands for every norm that can be recorded.

    Raises ValueError for a column nobody has described.
    """
    if name.startswith("log_norm_"):
        return Column("natural log", f"log of the {name.removeprefix('log_norm_')} norm", may_be_blank=True)
    if name not in COLUMNS:
        raise ValueError(f"table column {name!r} is not described in scaling/records.py")
    return COLUMNS[name]


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """The table itself, when every column is documented and filled where it has to be.

    Raises ValueError that names the column otherwise.
    """
    for name in table.columns:
        if not column(name).may_be_blank and table[name].isna().any():
            raise ValueError(f"table column {name!r} has {int(table[name].isna().sum())} missing values")
    return table


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes the real name once the block ends without an error."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(table: pd.DataFrame, path: str | Path, sort_by: Sequence[str] = ()) -> None:
    """Write a documented table as Parquet or CSV (by the suffix of `path`), its rows sorted by the named columns.

    Raises ValueError when a column is undocumented or incomplete, or when the columns to sort by leave the order open.
    """
    table = complete(table)
    if sort_by:
        if table.duplicated(list(sort_by)).any():
            raise ValueError(f"{path}: rows are not told apart by {', '.join(sort_by)}")
        table = table.sort_values(list(sort_by), kind="stable", ignore_index=True)
    with atomic(path) as temporary:
        if temporary.suffix == ".parquet":
            table.to_parquet(temporary, index=False, compression="zstd")
        else:
            table.to_csv(temporary, index=False)


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a Parquet or CSV table.

    Raises ValueError that names the file when it is damaged.
    """
    path = Path(path)
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path}: not a readable table ({str(error).splitlines()[0]}); delete it and run again"
        ) from error


def write_json(value: Any, path: str | Path) -> None:
    """Write a JSON file with sorted keys, atomically. Raises ValueError for values JSON cannot hold, NaN among them."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
