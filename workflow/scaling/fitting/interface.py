"""The public functions: fit a law to one learning curve, or to many at once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike

from scaling.fitting import mixture
from scaling.fitting.curves import Curve, averaged, checked, of_rows
from scaling.fitting.objectives import OBJECTIVES
from scaling.fitting.optimum import Optimum, estimated, optimise
from scaling.fitting.outliers import LeftOut, without_outliers
from scaling.fitting.posterior import sample
from scaling.fitting.priors import Prior, resolve
from scaling.fitting.problem import assemble
from scaling.fitting.result import Fit
from scaling.fitting.selection import choose
from scaling.fitting.settings import Settings
from scaling.laws import FloatArray, Law

Name = TypeVar("Name", bound=Hashable)
Columns = Sequence[ArrayLike] | Mapping[str, ArrayLike | None]
COLUMNS = ("x", "y", "weight", "run")
SAMPLED_TOGETHER = 10
MOST_POINTS_OF_RIVALS = 40


def fit(
    x: ArrayLike,
    y: ArrayLike,
    law: str | Law = "bnsl",
    breaks: int | None = 1,
    mode: str = "posterior",
    prior: str | Prior | Mapping[str, Any] = "default",
    objective: str = "log",
    weight: ArrayLike | None = None,
    seed: int = 0,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    starts: int | None = None,
    steps: int | None = None,
    ceiling: float | None = None,
    run: ArrayLike | None = None,
) -> Fit:
    """Fit a law to one learning curve y(x).

    x, y: columns of equal length, finite and positive; rows of equal x are averaged, the order of rows does not matter.
    law: the name of a file in scaling/laws, or a Law of your own. breaks: their number, 0 to 3, or None to let the BIC
    choose; laws that have none ignore it. mode: `posterior` (mean and intervals from samples), `mode` (maximum of the
    posterior under one prior) or `least_squares` (all points count alike, no prior; M1 to M4 and the published law by
    their own estimators). prior: `default` (in `posterior` the rival beliefs of scaling.fitting.rivals, weighed by the
    curve), a name in scaling.fitting.priors.PRIORS, a Prior, or plain data for one; `least_squares` uses none.
    objective: `log` or `log1p`, the function of y whose error is squared. weight: relative weights of the rows. seed:
    of starts and chains. bounds: (low, high) by parameter name, in natural units. starts: number of descents (default:
    by prior and breaks). steps: length of the Markov chains. ceiling: the value that a rising y (an accuracy) cannot
    pass; the law is fitted to the distance from it, y may be any number below. run: which run each row is from, for
    warnings.

    Multiplying x by a constant changes no prediction; nor does multiplying y but for the scale, without a ceiling and
    with the objective `log`. Raises ValueError, in one line, for a bad column or setting.
    """
    settings = Settings(law, breaks, mode, prior, objective, seed, bounds or {}, starts, steps, ceiling)
    return _fit([_prepared(None, {"x": x, "y": y, "weight": weight, "run": run}, settings)], settings)[0]


@overload
def fit_many(curves: Mapping[Name, Columns], **settings: Any) -> dict[Name, Fit]: ...
@overload
def fit_many(curves: Iterable[Columns], **settings: Any) -> list[Fit]: ...
def fit_many(curves: Mapping[Name, Columns] | Iterable[Columns], **settings: Any) -> dict[Name, Fit] | list[Fit]:
    """Fit a law to many curves, by name or in order, with the settings of `fit`.

    A curve is (x, y), (x, y, weight) or (x, y, weight, run), or a mapping with these names, in which `ceiling` may be
    that of this curve. Its fit is the one that `fit` gives for it alone, many times faster. Raises ValueError naming
    the curve.
    """
    named: Mapping[Any, Columns] = curves if isinstance(curves, Mapping) else dict(enumerate(curves))
    asked = Settings(**settings)
    prepared = []
    for name, columns in named.items():
        try:
            prepared.append(_prepared(name if isinstance(curves, Mapping) else None, _by_name(columns), asked))
        except ValueError as error:
            raise ValueError(f"curve {name!r}: {error}") from None
    fits = _fit(prepared, asked)
    return dict(zip(named, fits, strict=True)) if isinstance(curves, Mapping) else fits


@dataclass(frozen=True)
class _Prepared:
    """A curve as all modes see it; for rival beliefs, also without outliers and averaged more coarsely."""

    settings: Settings
    name: Any
    curve: Curve
    clean: Curve | None
    left_out: LeftOut | None


def _by_name(columns: Columns) -> Mapping[str, ArrayLike | None]:
    if isinstance(columns, Mapping):
        if set(columns) - {*COLUMNS, "ceiling"} or not {"x", "y"} <= set(columns):
            found = ", ".join(map(str, columns))
            raise ValueError(f"found columns {found}; allowed: x, y, and perhaps weight, run and ceiling")
        return columns
    if len(columns) not in (2, 3, 4):
        raise ValueError(f"found {len(columns)} columns; allowed: x and y, or x, y and weight, or also run")
    return dict(zip(COLUMNS, columns, strict=False))


def _prepared(name: Any, columns: Mapping[str, Any], asked: Settings) -> _Prepared:
    settings = replace(asked, ceiling=columns.get("ceiling", asked.ceiling))
    objective = OBJECTIVES[settings.objective]
    rows = checked(**{**columns, "ceiling": settings.ceiling})
    whole = of_rows(rows, objective)
    if not settings.rivals:
        return _Prepared(settings, name, whole, None, None)
    kept, left_out = without_outliers(rows)
    return _Prepared(settings, name, whole, averaged(kept, objective, MOST_POINTS_OF_RIVALS), left_out)


def _fit(prepared: list[_Prepared], settings: Settings) -> list[Fit]:
    """Fit each curve; curves of similar length stand together, so that little is padded."""
    if not prepared:
        return []
    order = sorted(range(len(prepared)), key=lambda i: len(_points(prepared[i])))
    ordered = [prepared[i] for i in order]
    fits = _by_rivals(ordered, settings) if settings.rivals else _by_one_belief(ordered, settings)
    return [fits[place] for place in np.argsort(order)]


def _points(prepared: _Prepared) -> FloatArray:
    return (prepared.clean or prepared.curve).u


def _by_rivals(prepared: list[_Prepared], settings: Settings) -> list[Fit]:
    fits: dict[int, Fit] = {}
    laws = settings.laws
    chosen = [laws[0].breaks] * len(prepared)
    if len(laws) > 1:
        chosen = [optimum.law.breaks for optimum in _optima([each.curve for each in prepared], settings)]
    for law in laws:
        mine = [i for i, breaks in enumerate(chosen) if breaks == law.breaks]
        clean = [each.clean for each in (prepared[i] for i in mine) if each.clean is not None]
        whole = [prepared[i].curve for i in mine]
        found = mixture.infer(law, clean, whole, OBJECTIVES[settings.objective], settings)
        for i, (optimum, posterior) in zip(mine, found, strict=True):
            each = prepared[i]
            record = each.settings.record()
            fits[i] = Fit(record, each.curve, optimum, posterior.samples, posterior, each.left_out, each.name)
    return [fits[i] for i in range(len(prepared))]


def _by_one_belief(prepared: list[_Prepared], settings: Settings) -> list[Fit]:
    curves = [each.curve for each in prepared]
    optima = _optima(curves, settings)
    samples: list[FloatArray | None] = [None] * len(curves)
    if settings.mode == "posterior":
        for law in settings.laws:
            mine = [i for i, optimum in enumerate(optima) if optimum.law.breaks == law.breaks]
            for first in range(0, len(mine), SAMPLED_TOGETHER):
                together = mine[first : first + SAMPLED_TOGETHER]
                drawn = _samples(law, [curves[i] for i in together], [optima[i] for i in together], settings)
                for i, each in zip(together, drawn, strict=True):
                    samples[i] = each
    return [
        Fit(each.settings.record(), each.curve, optimum, drawn, name=each.name)
        for each, optimum, drawn in zip(prepared, optima, samples, strict=True)
    ]


def _optima(curves: list[Curve], settings: Settings) -> list[Optimum]:
    """The best point of each curve, by the number of breaks of least BIC where several are asked for."""
    prior = None if settings.mode == "least_squares" else resolve(settings.prior)
    objective = OBJECTIVES[settings.objective]
    if settings.estimator:
        return choose([estimated(law, curves, objective) for law in settings.laws])
    return choose(
        [
            optimise(law, curves, objective, prior, settings.bounds, settings.starts, settings.seed, settings.polished)
            for law in settings.laws
        ]
    )


def _samples(law: Law, curves: list[Curve], optima: list[Optimum], settings: Settings) -> FloatArray:
    problem = assemble(law, curves, OBJECTIVES[settings.objective], resolve(settings.prior), settings.bounds)
    problem = replace(problem, sigma=np.array([optimum.sigma for optimum in optima]))
    return sample(problem, np.array([optimum.theta for optimum in optima]), settings.length, settings.seed)
