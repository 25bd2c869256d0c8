"""Fit laws to learning curves: `fit` for one, `fit_many` for many, `Fit` for what they return."""

from scaling.fitting.interface import fit, fit_many
from scaling.fitting.optimum import ESTIMATORS
from scaling.fitting.priors import PRIORS, Gaussian, Prior
from scaling.fitting.result import Fit
from scaling.fitting.warnings import FitWarning

__all__ = ["ESTIMATORS", "PRIORS", "Fit", "FitWarning", "Gaussian", "Prior", "fit", "fit_many"]
