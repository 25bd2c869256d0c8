"""Measures of paper A on networks: D'Amico, Bocchi, Negri, dynamical scaling laws (arXiv 2505.13230)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
SPECTRAL = "log_norm_spectral_complexity"
STEPS, TRAIN_LOSS = "step", "train_loss"


def predicted(tables: Tables) -> Measurement:
    """γ₁γ₂ by the published procedure."""
    return _measurement(_only(tables["exponents"], parameter="gamma_predicted"))


def measured(tables: Tables) -> Measurement:
    """γ_meas by the published procedure."""
    return _measurement(_only(tables["exponents"], parameter="gamma_measured"))


def stored_exponents(tables: Tables) -> Measurement:
    """The largest relative deviation from any γ₁ or γ₂ that is stored with the authors' curves."""
    table = tables["exponents"].dropna(subset="stored")
    return Measurement(float((table["measured"] / table["stored"] - 1).abs().max()))


def combinations_within_error(tables: Tables) -> Measurement:
    """For how many of the nine published networks γ₁γ₂ and γ_meas differ by no more than their quoted error."""
    table = tables["exponents"]
    plain = table[~table["experiment"].str.contains("_SGD|_wd|_norms") & (table["parameter"] == "difference")]
    return Measurement(float((plain["measured"].abs() <= plain["quoted_error"]).sum()), n=len(plain))


def mlp_difference(tables: Tables) -> Measurement:
    """γ₁γ₂ − γ_meas of the perceptron on digits, optimum by validation error."""
    return _digits(tables, "digits_mlp", "difference")


def mlp_difference_by_loss(tables: Tables) -> Measurement:
    """The same with the optimum by validation loss."""
    return _digits(tables, "digits_mlp", "difference", selected_on="validation_loss")


def small_init_difference_by_loss(tables: Tables) -> Measurement:
    """γ₁γ₂ − γ_meas of the perceptron with a small start, optimum by validation loss."""
    return _digits(tables, "digits_mlp_small_init", "difference", selected_on="validation_loss")


def cnn_difference_by_loss(tables: Tables) -> Measurement:
    """γ₁γ₂ − γ_meas of the convolutional network on digits, optimum by validation loss."""
    return _digits(tables, "digits_cnn", "difference", selected_on="validation_loss")


def resnet_difference_by_loss(tables: Tables) -> Measurement:
    """γ₁γ₂ − γ_meas of the residual network on digits, optimum by validation loss."""
    return _digits(tables, "digits_resnet", "difference", selected_on="validation_loss")


def vit_difference_by_loss(tables: Tables) -> Measurement:
    """γ₁γ₂ − γ_meas of the transformer on digits, optimum by validation loss."""
    return _digits(tables, "digits_vit", "difference", selected_on="validation_loss")


def mlp_locus_difference(tables: Tables) -> Measurement:
    """γ₁ − γ_locus of the perceptron on digits, optimum by validation loss."""
    return _digits(tables, "digits_mlp", "locus_difference", selected_on="validation_loss")


def mlp_identity(tables: Tables) -> Measurement:
    """γ_meas − γ_locus γ₂ of the perceptron on digits, optimum by validation loss."""
    return _digits(tables, "digits_mlp", "identity", selected_on="validation_loss")


def mlp_measured_exponent(tables: Tables) -> Measurement:
    """γ_meas of the perceptron on digits, from the test errors at the least validation error."""
    return _digits(tables, "digits_mlp", "gamma_measured")


def test_selection(tables: Tables) -> Measurement:
    """The change of the log least error of the perceptron when the optimum is selected on the test set."""
    return _digits(tables, "digits_mlp", "log_least_error", selected_on="test_error less validation_error")


def only_spectral_complexity(tables: Tables) -> Measurement:
    """1 where the interval of γ₁γ₂ − γ_meas holds 0 along spectral complexity and along no other norm, else 0.

    For the perceptron with a small start, where all norms are recorded, with the optimum by validation loss.
    """
    rows = _rows(
        tables["exponents"], experiment="digits_mlp_small_init", parameter="difference", selected_on="validation_loss"
    )
    if rows["low"].isna().any():
        return Measurement(np.nan)
    consistent = set(rows.loc[(rows["low"] <= 0) & (rows["high"] >= 0), "clock"])
    return Measurement(float(consistent == {SPECTRAL}), n=len(rows))


def weight_decay_change(tables: Tables) -> Measurement:
    """The change of γ₁γ₂ with weight decay."""
    return _change(tables, "digits_mlp_weight_decay")


def sgd_change(tables: Tables) -> Measurement:
    """The change of γ₁γ₂ with stochastic gradient descent in place of Adam."""
    return _change(tables, "digits_mlp_sgd")


def steps_less_norm(tables: Tables) -> Measurement:
    """The unexplained share along the number of steps less that along spectral complexity, perceptron on digits."""
    rows = _rows(tables["clocks"], experiment="digits_mlp", parameter="unexplained")
    return _difference(*(_only(rows, clock=clock) for clock in (STEPS, SPECTRAL)))


def train_loss_less_norm(tables: Tables) -> Measurement:
    """The unexplained share along the training loss less that along spectral complexity, perceptron on digits."""
    rows = _rows(tables["clocks"], experiment="digits_mlp", parameter="unexplained")
    return _difference(*(_only(rows, clock=clock) for clock in (TRAIN_LOSS, SPECTRAL)))


def multiverse_share(tables: Tables) -> Measurement:
    """The share of analysis choices, of all networks on digits, whose γ₁γ₂ is within a fifth of γ_meas."""
    table = tables["multiverse"].dropna(subset=["gamma_predicted", "gamma_measured"])
    close = (table["gamma_predicted"] / table["gamma_measured"] - 1).abs() < 0.2
    return Measurement(float(close.mean()) if len(close) else np.nan, n=len(close))


def best_early_model(tables: Tables) -> Measurement:
    """The least Bayesian criterion of any other model of the early curves, less that of the power law.

    Criteria are added up over train sizes and networks on digits; negative where another model is better.
    """
    totals = tables["early_models"].groupby("law")["bic"].sum().drop("power", errors="ignore")
    return Measurement(float(totals.min()) if len(totals) else np.nan, n=len(tables["early_models"]))


def extrapolation_gain(tables: Tables) -> Measurement:
    """How much larger the log error of the dynamical laws is than that of a power law, at larger train sizes.

    The root mean squares over all held-out least errors of all networks on digits, as a difference.
    """
    rows = tables["extrapolation"].query("quantity == 'error'")
    squares = (np.log(rows["predicted"]) - np.log(rows["measured"])) ** 2
    errors = np.sqrt(squares.groupby(rows["law"]).mean()).reindex(["dynamical laws", "power law"])
    return Measurement(float(errors["dynamical laws"] - errors["power law"]), n=len(rows))


def _digits(tables: Tables, experiment: str, parameter: str, selected_on: str = "validation_error") -> Measurement:
    rows = tables["exponents"]
    return _measurement(
        _only(rows, experiment=experiment, clock=SPECTRAL, selected_on=selected_on, parameter=parameter)
    )


def _change(tables: Tables, experiment: str) -> Measurement:
    """γ₁γ₂ of an ablation less that of the perceptron as it is, optimum by validation loss."""
    place = {"clock": SPECTRAL, "selected_on": "validation_loss", "parameter": "gamma_predicted"}
    changed = _only(tables["ablations"], experiment=experiment, **place)
    return _difference(changed, _only(tables["exponents"], experiment="digits_mlp", **place))


def _rows(table: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def _only(table: pd.DataFrame, **wanted: str) -> pd.Series:
    rows = _rows(table, **wanted)
    if len(rows) != 1:
        raise ValueError(f"found {len(rows)} rows with {wanted}; allowed: 1")
    return rows.iloc[0]


def _measurement(row: pd.Series) -> Measurement:
    value, low, high, level = (float(row[name]) for name in ("measured", "low", "high", "level"))
    return Measurement(value, low, high, level, int(row["n"]), str(row["interval"]))


def _difference(first: pd.Series, second: pd.Series) -> Measurement:
    """The difference of two independent measurements; half widths of their intervals add in quadrature."""
    value = float(first["measured"] - second["measured"])
    below = float(np.hypot(first["measured"] - first["low"], second["high"] - second["measured"]))
    above = float(np.hypot(first["high"] - first["measured"], second["measured"] - second["low"]))
    how = f"two intervals in quadrature; each a {first['interval']}"
    n = int(min(first["n"], second["n"]))
    return Measurement(value, value - below, value + above, float(first["level"]), n, how)
