"""Laws of the loss of models of N parameters trained on D tokens, fitted to runs.

found = fit_runs(N, D, loss)
found.parameters, found.intervals()  # E, A, B, α, β, with intervals from resampled runs and from profiles
found.optimum(1e21)  # N*, D*, loss
found.warnings  # what the runs cannot tell, and what to do about it
"""

import numpy as np
from numpy.typing import ArrayLike

from scaling.fitting.runs.fitted_runs import OPERATIONS, RunsFit
from scaling.fitting.runs.forms import LAWS, RunLaw, Runs
from scaling.fitting.runs.identifiability import Design, design
from scaling.fitting.runs.search import Search, resampled, search
from scaling.laws import FloatArray
from scaling.randomness import generator

__all__ = ["LAWS", "OPERATIONS", "Design", "RunLaw", "Runs", "RunsFit", "design", "fit_runs"]

SPARE = 1  # runs that a law needs beyond its parameters


def fit_runs(
    parameters: ArrayLike,
    tokens: ArrayLike,
    loss: ArrayLike,
    law: str = "chinchilla",
    *,
    unique: ArrayLike | None = None,
    asymmetric: float = 1.0,
    operations: float = OPERATIONS,
    resamples: int = 500,
    seed: int = 0,
) -> RunsFit:
    """Fit a law to runs: columns N, D and loss of equal length, and `unique` tokens for the law data_constrained.

    asymmetric: how much more overestimates count; operations: of training, for each parameter and token; resamples:
    runs drawn with replacement, so many times. Raises ValueError, one line, for columns of unequal length, values that
    are not finite and positive, an unknown law, and fewer runs than a law needs.
    """
    if law not in LAWS:
        raise ValueError(f"law: found {law!r}; allowed: {', '.join(LAWS)}")
    for name, value in (("asymmetric", asymmetric), ("operations", operations)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name}: found {value!r}; allowed: a number > 0")
    chosen = LAWS[law]
    runs = _runs(parameters, tokens, loss, unique)
    size = len(chosen.bounds(runs))
    if len(runs.n) < size + SPARE:
        raise ValueError(f"{law}: found {len(runs.n)} runs for {size} parameters; allowed: at least {size + SPARE}")
    found = search(chosen, runs, asymmetric)
    drawn = generator("fitting", "runs", law, seed).multinomial(
        len(runs.n), np.full(len(runs.n), 1 / len(runs.n)), size=resamples
    )
    ensemble = resampled(chosen, runs, found.theta, drawn.astype(float), asymmetric)
    told = design(chosen, runs, found.theta)
    warnings = [*told.advice(), *_status(chosen, found)]
    return RunsFit(chosen, runs, found, ensemble, asymmetric, operations, not told.one_ratio, tuple(warnings))


def _status(law: RunLaw, found: Search) -> list[str]:
    lines = []
    if found.at_bound:
        count = len(found.at_bound)
        lines.append(f"{count} parameters of {law.name} end at a bound: the runs do not fix them; use a simpler law")
    if not found.converged:
        lines.append("the search has not converged: parameters may be off; try a simpler law")
    if found.agreeing < 2 <= found.starts:
        lines.append(f"1 of {found.starts} starts ended at the best point: it may not be the best there is; add runs")
    return lines


def _runs(parameters: ArrayLike, tokens: ArrayLike, loss: ArrayLike, unique: ArrayLike | None) -> Runs:
    given = {"parameters": parameters, "tokens": tokens, "loss": loss} | ({} if unique is None else {"unique": unique})
    columns: dict[str, FloatArray] = {name: np.asarray(column, float) for name, column in given.items()}
    lengths = [len(column) if column.ndim == 1 else -1 for column in columns.values()]
    if len(set(lengths)) != 1 or lengths[0] < 1:
        found = ", ".join(map(str, lengths))
        raise ValueError(f"runs: found columns of {found} values; allowed: equal numbers, one or more")
    for name, column in columns.items():
        wrong = np.flatnonzero(~(np.isfinite(column) & (column > 0)))
        if len(wrong):
            raise ValueError(f"{name}: found {column[wrong[0]]:g} in run {wrong[0] + 1}; allowed: finite numbers > 0")
    n, d = np.log(columns["parameters"]), np.log(columns["tokens"])
    center = float(n.mean()), float(d.mean())
    u = np.log(columns["unique"]) - center[1] if "unique" in columns else None
    return Runs(n - center[0], d - center[1], np.log(columns["loss"]), center, u)
