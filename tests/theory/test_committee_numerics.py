"""The tools behind the dynamics of two-layer networks: φ functions, factors of overlaps, and the work they save."""

from unittest.mock import Mock

import numpy as np
import pytest
from scipy.special import factorial, hyp1f1

from scaling.theory import committee
from scaling.theory.committee.dynamics import factor
from scaling.theory.committee.exponential import phi
from scaling.theory.committee.network import Network


def test_phi_functions() -> None:
    z = np.concatenate([-np.geomspace(1e-12, 700, 60), [0], np.geomspace(1e-12, 30, 40), [-1, 1, -0.999999]])
    found = phi(z.reshape(-1, 2), 6)
    for k in range(1, 7):
        np.testing.assert_allclose(found[k - 1].ravel(), hyp1f1(1, k + 1, z) / factorial(k), rtol=3e-13)


@pytest.mark.parametrize("rank", [1, 3, 5])
def test_factor_of_overlaps(rank: int) -> None:
    """Units of very different size and overlaps of any rank; the small keep their digits."""
    root = np.random.default_rng(0).standard_normal((40, 5, rank)) * np.array([1e-7, 1, 1e-3, 1, 30])[:, None]
    root[7] = 0
    overlaps = root @ np.swapaxes(root, 1, 2)
    found = factor(overlaps)
    assert found.shape == (40, 5, rank)
    size = np.sqrt(np.diagonal(overlaps, axis1=1, axis2=2))
    error = np.abs(found @ np.swapaxes(found, 1, 2) - overlaps)
    assert np.all(error <= 1e-13 * size[:, :, None] * size[:, None, :])


def test_many_groups_cost_few_evaluations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fastest of 256 groups forces an explicit integrator to about 30 000 evaluations here."""
    counted = Mock(wraps=Network.coefficients)
    monkeypatch.setattr(Network, "coefficients", lambda *arguments: counted(*arguments))
    rng = np.random.default_rng(0)
    J, B = 0.01 * rng.standard_normal((2, 256)), rng.standard_normal((2, 256))
    committee.generalization_error(
        np.geomspace(0.1, 1000, 20),
        overlaps=tuple(np.einsum("ig,jg->gij", *pair) / 256 for pair in ((J, J), (J, B), (B, B))),
        eigenvalues=committee.power_law_eigenvalues(256, 1.0),
        learning_rate=0.1,
        rtol=5e-3,
    )
    assert 50 < counted.call_count < 400
