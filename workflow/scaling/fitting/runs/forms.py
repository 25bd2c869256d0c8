"""Laws of the loss of models with N parameters trained on D tokens, at many points θ at once.

Each is evaluated at n = log N and d = log D counted from their means, so that its parameters are told apart as well as
the runs allow: log A' and log B' are the terms at these means. α and β are positive.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scaling.laws import FloatArray

WIDE = 700.0
EXPONENT = (1e-3, 3.0)
CHANGE = (-1.0, 2.0)
LOG_SHARPNESS = (np.log(0.05), np.log(3.0))
LOG_REPETITIONS = (np.log(0.3), np.log(300.0))
MOST_REPEATS = 50.0  # e-folds: beyond them another repetition is worth nothing
STEP = 1e-5  # of numerical derivatives


@dataclass(frozen=True)
class Runs:
    """Columns of runs (m,): n, d and perhaps u = log of unique tokens, from the means of n and d; log of the loss."""

    n: FloatArray
    d: FloatArray
    log_loss: FloatArray
    center: tuple[float, float]
    u: FloatArray | None = None

    def some(self, rows: FloatArray) -> "Runs":
        """A part of the runs, still counted from the means of all."""
        u = None if self.u is None else self.u[rows]
        return Runs(self.n[rows], self.d[rows], self.log_loss[rows], self.center, u)


LogLaw = Callable[[FloatArray, Runs], FloatArray]


@dataclass(frozen=True)
class RunLaw:
    """A law: `log_law` gives log L (r, m) at θ (r, p); `natural` its published parameters by symbol, (r,) each.

    bounds: lowest and highest value of each parameter of θ. coordinates: the published parameter that each of θ moves.
    meanings: of the published parameters, in words. starts: points θ from those (s, 5) of the law of Hoffmann et al.
    """

    name: str
    log_law: LogLaw
    natural: Callable[[FloatArray, tuple[float, float]], dict[str, FloatArray]]
    starts: Callable[[FloatArray, Runs], FloatArray]
    bounds: Callable[[Runs], FloatArray]
    coordinates: tuple[str, ...]
    meanings: Mapping[str, str]
    source: str
    needs_unique: bool = False
    derivatives: LogLaw | None = None

    def jacobian(self, theta: FloatArray, runs: Runs) -> FloatArray:
        """Derivatives (r, m, p) of log L: in closed form where the law has one, else by central differences."""
        if self.derivatives is not None:
            return self.derivatives(theta, runs)
        parts = []
        for index in range(theta.shape[1]):
            step = np.zeros(theta.shape[1])
            step[index] = STEP
            parts.append((self.log_law(theta + step, runs) - self.log_law(theta - step, runs)) / (2 * STEP))
        return np.stack(parts, axis=-1)


def _sum(*logs: FloatArray) -> FloatArray:
    total = logs[0]
    for other in logs[1:]:
        total = np.logaddexp(total, other)
    return total


def _parameters_term(theta: FloatArray, runs: Runs) -> FloatArray:
    return theta[:, :1] - theta[:, 3:4] * runs.n


def _tokens_term(theta: FloatArray, runs: Runs) -> FloatArray:
    return theta[:, 1:2] - theta[:, 4:5] * runs.d


def _chinchilla(theta: FloatArray, runs: Runs) -> FloatArray:
    return _sum(_parameters_term(theta, runs), _tokens_term(theta, runs), theta[:, 2:3])


def _chinchilla_derivatives(theta: FloatArray, runs: Runs) -> FloatArray:
    """The share of each term in the loss, times the derivative of its log."""
    terms = np.stack([_parameters_term(theta, runs), _tokens_term(theta, runs), 0 * runs.n + theta[:, 2:3]])
    terms -= terms.max(axis=0)
    np.exp(terms, out=terms)
    of_n, of_d, of_rest = terms / terms.sum(axis=0)
    return np.stack([of_n, of_d, of_rest, -of_n * runs.n, -of_d * runs.d], axis=-1)


def _equal(theta: FloatArray, runs: Runs) -> FloatArray:
    return _chinchilla(theta[:, [0, 1, 2, 3, 3]], runs)


def _kaplan(theta: FloatArray, runs: Runs) -> FloatArray:
    """θ = log of both terms at the means, α_N/α_D, α_D."""
    ratio, alpha = theta[:, 2:3], theta[:, 3:4]
    return alpha * np.logaddexp(theta[:, :1] - ratio * runs.n, theta[:, 1:2] - runs.d)


def _bend(theta: FloatArray, x: FloatArray) -> FloatArray:
    """What a break takes from the log of a term: its exponent grows by Δ around x = b, over a width f."""
    change, place, width = theta[:, 5:6], theta[:, 6:7], np.exp(theta[:, 7:8])
    return change * width * np.logaddexp(0, (x - place) / width)


def _broken_parameters(theta: FloatArray, runs: Runs) -> FloatArray:
    bent = _parameters_term(theta, runs) - _bend(theta, runs.n)
    return _sum(bent, _tokens_term(theta, runs), theta[:, 2:3])


def _broken_tokens(theta: FloatArray, runs: Runs) -> FloatArray:
    bent = _tokens_term(theta, runs) - _bend(theta, runs.d)
    return _sum(_parameters_term(theta, runs), bent, theta[:, 2:3])


def _worth(log_all: FloatArray, log_fresh: FloatArray, log_limit: FloatArray) -> FloatArray:
    """Log of what is worth as much as fresh ones: repetitions r = all/fresh − 1 count R(1 − e^(−r/R))."""
    repeats = np.expm1(np.clip(log_all - log_fresh, 0, MOST_REPEATS))
    limit = np.exp(log_limit)
    return log_fresh + np.log1p(-limit * np.expm1(-repeats / limit))


def _data_constrained(theta: FloatArray, runs: Runs) -> FloatArray:
    """Excess parameters count from N_u on, the best number of them for the unique tokens."""
    if runs.u is None:
        raise ValueError("data_constrained: found no column of unique tokens; allowed: runs with one (--unique)")
    fresh = np.minimum(runs.u, runs.d)
    log_a, log_b, alpha, beta = theta[:, :1], theta[:, 1:2], theta[:, 3:4], theta[:, 4:5]
    best = (log_a - log_b + np.log(alpha / beta) + beta * fresh) / alpha
    d = _worth(runs.d + 0 * best, fresh, theta[:, 5:6])
    n = _worth(runs.n + 0 * best, np.minimum(best, runs.n), theta[:, 6:7])
    return _sum(log_a - alpha * n, log_b - beta * d, theta[:, 2:3])


def _natural(theta: FloatArray, center: tuple[float, float]) -> dict[str, FloatArray]:
    alpha, beta = theta[:, 3], theta[:, 4]
    scale = {"A": np.exp(theta[:, 0] + alpha * center[0]), "B": np.exp(theta[:, 1] + beta * center[1])}
    return {"E": np.exp(theta[:, 2]), **scale, "alpha": alpha, "beta": beta}


def _natural_equal(theta: FloatArray, center: tuple[float, float]) -> dict[str, FloatArray]:
    found = _natural(theta[:, [0, 1, 2, 3, 3]], center)
    return {key: found[key] for key in ("E", "A", "B", "alpha")}


def _natural_kaplan(theta: FloatArray, center: tuple[float, float]) -> dict[str, FloatArray]:
    ratio, alpha = theta[:, 2], theta[:, 3]
    return {
        "N_c": np.exp(theta[:, 0] / ratio + center[0]),
        "D_c": np.exp(theta[:, 1] + center[1]),
        "alpha_N": ratio * alpha,
        "alpha_D": alpha,
    }


def _natural_broken(axis: int) -> Callable[[FloatArray, tuple[float, float]], dict[str, FloatArray]]:
    def natural(theta: FloatArray, center: tuple[float, float]) -> dict[str, FloatArray]:
        bend = {"change": theta[:, 5], "break": np.exp(theta[:, 6] + center[axis]), "width": np.exp(theta[:, 7])}
        return _natural(theta, center) | bend

    return natural


def _natural_constrained(theta: FloatArray, center: tuple[float, float]) -> dict[str, FloatArray]:
    return _natural(theta, center) | {"R_D": np.exp(theta[:, 5]), "R_N": np.exp(theta[:, 6])}


def _box(*rows: tuple[float, float]) -> FloatArray:
    return np.array(rows, dtype=float)


FIVE = ((-WIDE, WIDE), (-WIDE, WIDE), (-WIDE, WIDE), EXPONENT, EXPONENT)
COORDINATES = ("A", "B", "E", "alpha", "beta")
MEANINGS = {
    "E": "loss of an endless run of an endless model",
    "A": "excess loss of a model of one parameter",
    "B": "excess loss after one token",
    "alpha": "exponent of the parameters, α",
    "beta": "exponent of the tokens, β",
}
BEND = {"change": "what the exponent grows by beyond the break", "break": "where", "width": "over how many e-folds"}


def _broken(name: str, log_law: LogLaw, axis: int, of: str) -> RunLaw:
    def column(runs: Runs) -> FloatArray:
        return (runs.n, runs.d)[axis]

    def starts(five: FloatArray, runs: Runs) -> FloatArray:
        places = np.quantile(column(runs), (0.3, 0.7))
        bends = [(change, place, np.log(0.5)) for place in places for change in (-0.1, 0.2)]
        return np.concatenate([np.column_stack([five, np.tile(bend, (len(five), 1))]) for bend in bends])

    def bounds(runs: Runs) -> FloatArray:
        inside = tuple(np.quantile(column(runs), (0.05, 0.95)))
        return _box(*FIVE, CHANGE, inside, LOG_SHARPNESS)

    source = f"Caballero et al., arXiv 2210.14891: one break in the {of}"
    coordinates = (*COORDINATES, *BEND)
    return RunLaw(name, log_law, _natural_broken(axis), starts, bounds, coordinates, MEANINGS | BEND, source)


def _more(values: Sequence[float]) -> Callable[[FloatArray, Runs], FloatArray]:
    return lambda five, runs: np.column_stack([five, np.tile(values, (len(five), 1))])


LAWS = {
    law.name: law
    for law in (
        RunLaw(
            "chinchilla",
            _chinchilla,
            _natural,
            lambda five, runs: five,
            lambda runs: _box(*FIVE),
            COORDINATES,
            MEANINGS,
            "Hoffmann et al., arXiv 2203.15556: L = E + A N^(−α) + B D^(−β)",
            derivatives=_chinchilla_derivatives,
        ),
        RunLaw(
            "equal_exponents",
            _equal,
            _natural_equal,
            lambda five, runs: np.column_stack([five[:, :3], five[:, 3:].mean(1)]),
            lambda runs: _box(*FIVE[:4]),
            COORDINATES[:4],
            {key: MEANINGS[key] for key in ("E", "A", "B")} | {"alpha": "exponent of parameters and tokens, α = β"},
            "the law of Hoffmann et al. with α = β",
        ),
        RunLaw(
            "kaplan",
            _kaplan,
            _natural_kaplan,
            lambda five, runs: np.column_stack([five[:, :2] / five[:, 4:], five[:, 3] / five[:, 4], five[:, 4] * 0.5]),
            lambda runs: _box((-WIDE, WIDE), (-WIDE, WIDE), (0.05, 20.0), EXPONENT),
            ("N_c", "D_c", "alpha_N/alpha_D", "alpha_D"),
            {
                "N_c": "scale of the parameters",
                "D_c": "scale of the tokens",
                "alpha_N": "exponent of the parameters",
                "alpha_D": "exponent of the tokens",
            },
            "Kaplan et al., arXiv 2001.08361: L = [(N_c/N)^(α_N/α_D) + D_c/D]^α_D",
        ),
        RunLaw(
            "data_constrained",
            _data_constrained,
            _natural_constrained,
            _more((np.log(15.0), np.log(5.0))),
            lambda runs: _box(*FIVE, LOG_REPETITIONS, LOG_REPETITIONS),
            (*COORDINATES, "R_D", "R_N"),
            MEANINGS | {"R_D": "repetitions of tokens worth fresh ones", "R_N": "the same of excess parameters"},
            "Muennighoff et al., arXiv 2305.16264: repeated tokens and excess parameters are worth less and less",
            needs_unique=True,
        ),
        _broken("broken_parameters", _broken_parameters, 0, "parameters"),
        _broken("broken_tokens", _broken_tokens, 1, "tokens"),
    )
}
