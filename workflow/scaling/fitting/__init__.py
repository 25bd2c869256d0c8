"""Fit laws to learning curves: `fit` for one, `fit_many` for many, `Fit` is what they return; `fit_runs` for runs."""

import importlib
from typing import Any

from scaling.fitting.interface import fit, fit_many
from scaling.fitting.optimum import ESTIMATORS
from scaling.fitting.priors import PRIORS, Gaussian, Prior
from scaling.fitting.result import Fit
from scaling.fitting.warnings import FitWarning

__all__ = ["ESTIMATORS", "PRIORS", "Fit", "FitWarning", "Gaussian", "Prior", "fit", "fit_many", "fit_runs"]


def __getattr__(name: str) -> Any:
    """Laws of runs are imported when they are asked for: fits of curves need none of them."""
    if name == "fit_runs":
        return importlib.import_module("scaling.fitting.runs").fit_runs
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
