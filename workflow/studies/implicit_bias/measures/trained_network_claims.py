"""How claims on trained networks are measured (D'Amico, Bocchi, Negri, arXiv 2505.13230).

Symbols of the paper: γ₁ and γ₂ are the exponents of error before the optimum and of optimal norm, γ_meas that of least
error; γ₁γ₂ is what the theory predicts for γ_meas.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import rows
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
SPECTRAL = "log_norm_spectral_complexity"


def data_exponent(tables: Tables) -> Measurement:
    """The fitted exponent of the error against the number of examples, with its bootstrap interval."""
    fitted = tables["parameters"].set_index("parameter").loc["c0"]
    return Measurement(fitted["value"], fitted["low"], fitted["high"], fitted["level"], fitted["n"], fitted["interval"])


def published_procedure(tables: Tables, *, parameter: Literal["gamma_predicted", "gamma_measured"]) -> Measurement:
    """γ₁γ₂ or γ_meas of one network by the published procedure."""
    return _measurement(rows.only(tables["exponents"], parameter=parameter))


def stored_exponents(tables: Tables) -> Measurement:
    """The largest relative deviation from any γ₁ or γ₂ that is stored with the authors' curves."""
    table = tables["exponents"].dropna(subset="stored")
    return Measurement(float((table["measured"] / table["stored"] - 1).abs().max()))


def networks_within_error(tables: Tables) -> Measurement:
    """For how many of the nine published networks γ₁γ₂ and γ_meas differ by no more than their quoted error."""
    table = tables["exponents"]
    plain = table[~table["experiment"].str.contains("_SGD|_wd|_norms") & (table["parameter"] == "difference")]
    return Measurement(float((plain["measured"].abs() <= plain["quoted_error"]).sum()), n=len(plain))


def exponent(tables: Tables, *, experiment: str, parameter: str, selected_on: str) -> Measurement:
    """An exponent, or a difference of exponents, of one experiment along spectral complexity.

    `parameter` and `selected_on`, by which the optimum is chosen, are values of these columns of the table.
    """
    chosen = {"experiment": experiment, "parameter": parameter, "selected_on": selected_on}
    return _measurement(rows.only(tables["exponents"], clock=SPECTRAL, **chosen))


def change(tables: Tables, *, experiment: str, reference: str, parameter: str, selected_on: str) -> Measurement:
    """An exponent of an ablation less that of the experiment it departs from, along spectral complexity."""
    chosen = {"clock": SPECTRAL, "parameter": parameter, "selected_on": selected_on}
    changed = rows.only(tables["ablations"], experiment=experiment, **chosen)
    return _difference(changed, rows.only(tables["exponents"], experiment=reference, **chosen))


def only_spectral_complexity(tables: Tables, *, experiment: str, selected_on: str) -> Measurement:
    """1 where the interval of γ₁γ₂ − γ_meas holds 0 along spectral complexity and along no other norm, else 0.

    NaN where an interval is missing.
    """
    found = rows.chosen(tables["exponents"], experiment=experiment, parameter="difference", selected_on=selected_on)
    if found["low"].isna().any():
        return Measurement(np.nan)
    consistent = set(found.loc[(found["low"] <= 0) & (found["high"] >= 0), "clock"])
    return Measurement(float(consistent == {SPECTRAL}), n=len(found))


def unexplained_less_norm(tables: Tables, *, experiment: str, clock: str) -> Measurement:
    """The share of variance that one curve leaves along another clock, less that along spectral complexity."""
    found = rows.chosen(tables["clocks"], experiment=experiment, parameter="unexplained")
    return _difference(rows.only(found, clock=clock), rows.only(found, clock=SPECTRAL))


def multiverse_share(tables: Tables, *, within: float) -> Measurement:
    """The share of analysis choices, over all networks, whose γ₁γ₂ is within a share of γ_meas."""
    table = tables["multiverse"].dropna(subset=["gamma_predicted", "gamma_measured"])
    close = (table["gamma_predicted"] / table["gamma_measured"] - 1).abs() < within
    return Measurement(float(close.mean()) if len(close) else np.nan, n=len(close))


def best_early_model(tables: Tables) -> Measurement:
    """The least Bayesian criterion of any other model of the early curves, less that of the power law.

    Criteria are added up over train sizes and networks; negative where another model is better.
    """
    totals = tables["early_models"].groupby("law")["bic"].sum().drop("power", errors="ignore")
    return Measurement(float(totals.min()) if len(totals) else np.nan, n=len(tables["early_models"]))


def extrapolation_gain(tables: Tables) -> Measurement:
    """How much larger the log error of the dynamical laws is than that of a power law, at larger train sizes.

    The root mean squares over all held-out least errors of all networks, as a difference.
    """
    held_out = tables["extrapolation"].query("quantity == 'error'")
    squares = (np.log(held_out["predicted"]) - np.log(held_out["measured"])) ** 2
    errors = np.sqrt(squares.groupby(held_out["law"]).mean()).reindex(["dynamical laws", "power law"])
    return Measurement(float(errors["dynamical laws"] - errors["power law"]), n=len(held_out))


def _measurement(row: pd.Series) -> Measurement:
    value, low, high, level = (float(row[name]) for name in ("measured", "low", "high", "level"))
    return Measurement(value, low, high, level, int(row["n"]), str(row["interval"]), str(row.get("reason", "")))


def _difference(first: pd.Series, second: pd.Series) -> Measurement:
    """The difference of two independent measurements; half widths of their intervals add in quadrature."""
    value = float(first["measured"] - second["measured"])
    below = float(np.hypot(first["measured"] - first["low"], second["high"] - second["measured"]))
    above = float(np.hypot(first["high"] - first["measured"], second["measured"] - second["low"]))
    how = f"two intervals in quadrature; each a {first['interval']}"
    n = int(min(first["n"], second["n"]))
    return Measurement(value, value - below, value + above, float(first["level"]), n, how)
