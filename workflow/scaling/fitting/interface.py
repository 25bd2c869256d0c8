"""The public functions: fit a law to one learning curve, or to many at once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike

from scaling import registry
from scaling.fitting.curves import Curve, curve
from scaling.fitting.objectives import OBJECTIVES
from scaling.fitting.optimum import ESTIMATORS, Optimum, estimated, optimise
from scaling.fitting.posterior import sample
from scaling.fitting.priors import Prior, resolve
from scaling.fitting.problem import assemble
from scaling.fitting.result import Fit
from scaling.fitting.selection import choose
from scaling.laws import FloatArray, Law

Name = TypeVar("Name", bound=Hashable)
MODES = ("least_squares", "mode", "posterior")
STEPS = 2500
SAMPLED_TOGETHER = 10


@dataclass(frozen=True)
class Settings:
    """The settings of `fit`, checked."""

    law: str = "bnsl"
    breaks: int | None = 1
    mode: str = "posterior"
    prior: str | Prior | Mapping[str, Any] = "default"
    objective: str = "log"
    seed: int = 0
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    starts: int | None = None
    steps: int = STEPS

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode: found {self.mode!r}; allowed: {', '.join(MODES)}")
        if self.law in ESTIMATORS and self.mode != "least_squares":
            raise ValueError(f"mode: found {self.mode!r}; allowed for {self.law}: least_squares, its own estimator")
        if self.objective not in OBJECTIVES:
            raise ValueError(f"objective: found {self.objective!r}; allowed: {', '.join(OBJECTIVES)}")
        resolve(self.prior)
        if self.starts is not None and self.starts < 1:
            raise ValueError(f"starts: found {self.starts!r}; allowed: an integer ≥ 1")
        if self.steps < 1:
            raise ValueError(f"steps: found {self.steps!r}; allowed: an integer ≥ 1")

    @property
    def laws(self) -> list[Law]:
        """The law with the number of breaks asked for, or with every number it can have."""
        module = registry.load("laws", self.law)
        most = module.law(3).breaks if self.breaks is None else 0
        return [module.law(breaks) for breaks in range(most + 1)] if most else [module.law(self.breaks)]


def fit(
    x: ArrayLike,
    y: ArrayLike,
    law: str = "bnsl",
    breaks: int | None = 1,
    mode: str = "posterior",
    prior: str | Prior | Mapping[str, Any] = "default",
    objective: str = "log",
    weight: ArrayLike | None = None,
    seed: int = 0,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    starts: int | None = None,
    steps: int = STEPS,
) -> Fit:
    """Fit a law to one learning curve y(x).

    x, y: columns of equal length, finite and positive; rows of equal x are averaged, the order of rows does not matter.
    law: the name of a file in scaling/laws. breaks: their number, 0 to 3, or None to let the BIC choose; laws that have
    none ignore it. mode: `least_squares` (all points count alike, no prior), `mode` (maximum of the posterior) or
    `posterior` (mean and intervals by Markov chains). prior: a name in scaling.fitting.priors.PRIORS, a Prior, or plain
    data for one; `least_squares` uses none. objective: `log` or `log1p`, the function of y whose error is squared.
    weight: relative weights of the rows. seed: of starts and chains. bounds: (low, high) by parameter name, in natural
    units. starts: number of descents (default: by prior and breaks). steps: length of the Markov chains.

    Multiplying x by a constant changes no prediction. Raises ValueError, in one line, for a bad column or setting.
    """
    settings = Settings(law, breaks, mode, prior, objective, seed, bounds or {}, starts, steps)
    return _fit([curve(x, y, weight, objective=OBJECTIVES[objective])], settings)[0]


@overload
def fit_many(curves: Mapping[Name, Sequence[ArrayLike]], **settings: Any) -> dict[Name, Fit]: ...
@overload
def fit_many(curves: Iterable[Sequence[ArrayLike]], **settings: Any) -> list[Fit]: ...
def fit_many(
    curves: Mapping[Name, Sequence[ArrayLike]] | Iterable[Sequence[ArrayLike]], **settings: Any
) -> dict[Name, Fit] | list[Fit]:
    """Fit a law to many curves, each (x, y) or (x, y, weight), by name or in order, with the settings of `fit`.

    A curve's fit is the one that `fit` gives for it alone, many times faster. Raises ValueError naming the curve.
    """
    named: Mapping[Any, Sequence[ArrayLike]] = curves if isinstance(curves, Mapping) else dict(enumerate(curves))
    checked = Settings(**settings)
    prepared = []
    for name, columns in named.items():
        try:
            if len(columns) not in (2, 3):
                raise ValueError(f"found {len(columns)} columns; allowed: x and y, or x, y and weight")
            prepared.append(curve(*columns, objective=OBJECTIVES[checked.objective]))
        except ValueError as error:
            raise ValueError(f"curve {name!r}: {error}") from None
    fits = _fit(prepared, checked)
    return dict(zip(named, fits, strict=True)) if isinstance(curves, Mapping) else fits


def _fit(curves: list[Curve], settings: Settings) -> list[Fit]:
    """Fit each curve; curves of similar length stand together, so that little is padded."""
    order = sorted(range(len(curves)), key=lambda i: len(curves[i].u))
    ordered = [curves[i] for i in order]
    prior = None if settings.mode == "least_squares" else resolve(settings.prior)
    objective = OBJECTIVES[settings.objective]
    candidates = [
        estimated(law, ordered, objective)
        if law.name in ESTIMATORS
        else optimise(law, ordered, objective, prior, settings.bounds, settings.starts, settings.seed)
        for law in settings.laws
    ]
    optima = choose(candidates)
    samples: list[FloatArray | None] = [None] * len(ordered)
    if prior is not None and settings.mode == "posterior":
        for law in settings.laws:
            mine = [i for i, optimum in enumerate(optima) if optimum.law.breaks == law.breaks]
            for first in range(0, len(mine), SAMPLED_TOGETHER):
                together = mine[first : first + SAMPLED_TOGETHER]
                drawn = _samples(law, [ordered[i] for i in together], [optima[i] for i in together], prior, settings)
                for i, each in zip(together, drawn, strict=True):
                    samples[i] = each
    fits = [
        Fit(asdict(settings), each, optimum, drawn)
        for each, optimum, drawn in zip(ordered, optima, samples, strict=True)
    ]
    return [fits[place] for place in np.argsort(order)]


def _samples(law: Law, curves: list[Curve], optima: list[Optimum], prior: Prior, settings: Settings) -> FloatArray:
    problem = assemble(law, curves, OBJECTIVES[settings.objective], prior, settings.bounds)
    problem = replace(problem, sigma=np.array([optimum.sigma for optimum in optima]))
    return sample(problem, np.array([optimum.theta for optimum in optima]), settings.steps, settings.seed)
