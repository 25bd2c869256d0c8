"""Weights of committees at the start, and their overlaps by spectral group."""

import numpy as np
import pytest

from scaling.simulation.committee_weights import by_direction, draw_weights, group_overlaps


def test_weights_by_group() -> None:
    J, B = draw_weights(0, students=2, teachers=3, dimension=48, init_scale=0.1, teacher="orthonormal", groups=8)
    q, r, t = group_overlaps(J, B, 8)
    np.testing.assert_allclose(t, np.broadcast_to(np.eye(3) / 8, t.shape), atol=1e-14)
    np.testing.assert_allclose(q.sum(axis=0), J @ J.T / 48)
    np.testing.assert_allclose(r.sum(axis=0), J @ B.T / 48)
    np.testing.assert_array_equal(by_direction([3, 2, 1], 6), [3, 3, 2, 2, 1, 1])
    with pytest.raises(ValueError, match=r"^groups: found 24; allowed for orthonormal teachers: at most 16$"):
        draw_weights(0, students=2, teachers=3, dimension=48, init_scale=0.1, teacher="orthonormal", groups=24)
    with pytest.raises(ValueError, match=r"^groups: found 5; allowed: divisors of 48$"):
        group_overlaps(J, B, 5)
    with pytest.raises(ValueError, match=r"^teacher: found 'equal'; allowed: random, orthonormal$"):
        draw_weights(0, students=2, teachers=3, dimension=48, init_scale=0.1, teacher="equal")
