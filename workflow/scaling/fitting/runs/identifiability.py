"""What runs can tell: how far apart sizes and tokens are spread, and which combination of parameters stays open."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scaling.fitting.runs.forms import RunLaw, Runs
from scaling.fitting.runs.search import DELTA
from scaling.laws import FloatArray

ONE_RATIO = np.log(1.15)  # runs whose tokens per parameter differ by less have one ratio
FEW_RATIOS = np.log(4.0)
ILL_CONDITIONED = 1e4


@dataclass(frozen=True)
class Design:
    """How runs lie, in e-folds: spread of N, of D and of D/N; their correlation; condition of the fit.

    open: the combination of parameters, each moved by its own typical error, that the runs fix least.
    """

    spread_of_parameters: float
    spread_of_tokens: float
    spread_of_ratios: float
    correlation: float
    condition: float
    open: str

    @property
    def one_ratio(self) -> bool:
        """Whether all runs have about the same number of tokens for each parameter."""
        return self.spread_of_ratios < ONE_RATIO

    def advice(self) -> list[str]:
        """What to be careful about, one line each."""
        if self.one_ratio:
            return [
                "one ratio of tokens to parameters: α and β cannot be told apart, so there is no best size;"
                " add runs of the same budget with fewer and with more parameters"
            ]
        found = []
        if self.spread_of_ratios < FEW_RATIOS:
            span = float(np.exp(self.spread_of_ratios))
            found.append(
                f"tokens per parameter span a factor {span:.2g} only: α, β and best sizes are mostly belief beyond it;"
                " add runs with ratios four times smaller and larger"
            )
        if self.condition > ILL_CONDITIONED:
            found.append(
                f"condition {self.condition:.1e}: the runs leave {self.open} open;"
                " trust predictions within the runs, not single parameters"
            )
        return found


def design(law: RunLaw, runs: Runs, theta: FloatArray) -> Design:
    """How the runs of a fit lie; θ (p,) is its best point."""
    ratios = runs.d - runs.n
    jacobian = law.jacobian(theta[None], runs)[0]
    error = np.abs(law.log_law(theta[None], runs)[0] - runs.log_loss)
    weighted = jacobian / np.sqrt(np.maximum(error, DELTA))[:, None]
    scale = np.maximum(np.linalg.norm(weighted, axis=0), 1e-300)
    _, singular, directions = np.linalg.svd(weighted / scale, full_matrices=False)
    with np.errstate(invalid="ignore"):
        correlation = float(np.corrcoef(runs.n, runs.d)[0, 1]) if np.ptp(runs.n) and np.ptp(runs.d) else 1.0
    return Design(
        float(np.ptp(runs.n)),
        float(np.ptp(runs.d)),
        float(np.ptp(ratios)),
        correlation,
        float((singular[0] / max(singular[-1], 1e-300)) ** 2),
        _combination(directions[-1], law.coordinates),
    )


def _combination(direction: FloatArray, names: Sequence[str]) -> str:
    """The parameters that move together along a direction, those that move most first."""
    order = np.argsort(-np.abs(direction))
    moved = [int(index) for index in order if abs(direction[index]) > 0.3]
    sign = np.sign(direction[order[0]])
    return " and ".join(f"{names[index]} {'up' if direction[index] * sign > 0 else 'down'}" for index in moved)
