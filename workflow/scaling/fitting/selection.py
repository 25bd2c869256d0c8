"""Which number of breaks: the one with the least Bayesian information criterion."""

from collections.abc import Sequence

from scaling.fitting.optimum import Optimum


def choose(candidates: Sequence[Sequence[Optimum]]) -> list[Optimum]:
    """For each curve the law of least BIC, candidates being one list of optima over the curves per law.

    BIC = N log(mean square residual) + p log N, for N rows and p parameters (Schwarz, Ann. Statist. 6, 1978). Between
    fits without a prior it counts breaks that the points show; it does not pick the law that extrapolates best.
    """
    return [min(optima, key=lambda optimum: optimum.bic) for optima in zip(*candidates, strict=True)]
