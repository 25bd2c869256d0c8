"""The parts of the default inference against integrals on a grid, and against what a past must teach."""

import numpy as np
import pytest

from scaling.fitting import chains, evidence, rolling, starts
from scaling.fitting.batch import Batch, assemble, pilot_of
from scaling.fitting.curves import Curve, checked, curve
from scaling.fitting.objectives import OBJECTIVES
from scaling.fitting.outliers import without_outliers
from scaling.fitting.rivals import RIVALS, Rival, rivals_of
from scaling.laws import FloatArray, Law, bnsl, power_law

LOG = OBJECTIVES["log"]
X = np.geomspace(1e3, 1e6, 12)
Y = 3.0 * X**-0.3 * np.exp(0.05 * np.random.default_rng(5).standard_normal(12))


def pilot(law: Law, curves: list[Curve]) -> tuple[Batch, evidence.Ends]:
    rivals = rivals_of(law)
    batch = assemble(law, curves, LOG, rivals, {})
    return evidence.pilot(batch, starts.draw_rivals(law, curves, rivals, 3, 0))


def density(batch: Batch, rival: int, center: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """log density of (log b, c0) of a power law on a grid around a place: both axes (400,), values (400, 400)."""
    b, c = (middle + width * np.linspace(-8, 8, 400) for middle, width in zip(center, sd, strict=True))
    theta = np.stack(np.broadcast_arrays(b[:, None], c[None]), axis=-1)
    residual = batch.law.log_value(theta, batch.u[0]) - batch.target[0]
    squares = (batch.weight[0] * residual**2).sum(-1) + 0.002**2
    deviation = ((theta - batch.center[0, rival]) / batch.sd[0, rival]) ** 2
    return b, c, -0.5 * ((batch.rows[0] + 1) * np.log(squares) + deviation.sum(-1))


def test_evidence_is_the_integral_of_the_posterior() -> None:
    """Ratios of evidence between rivals, by Laplace's approximation and by a sum over a grid: within 5 %."""
    batch, ends = pilot(power_law.law(), [curve(X, Y, objective=LOG)])
    integrals = []
    for k in range(len(batch.rivals)):
        theta, hessian = ends.theta[0, k, 0], ends.hessian[0, k, 0]
        sd = np.sqrt(np.diag(np.linalg.inv(hessian)))
        b, c, log_density = density(batch, k, theta, sd)
        total = np.exp(log_density - log_density.max()).sum() * (b[1] - b[0]) * (c[1] - c[0])
        prior = np.log(batch.rivals[k].weight) - np.log(batch.sd[0, k]).sum()
        integrals.append(np.log(total) + log_density.max() + prior)
    found = evidence.log_evidence(batch, ends)[0, :, 0]
    np.testing.assert_allclose(found - found[0], np.array(integrals) - integrals[0], atol=0.05)


def test_chains_draw_from_the_density_of_each_rival() -> None:
    """Mean and sd of each rival's samples against sums over a grid, the chains shared equally among rivals."""
    batch, ends = pilot(power_law.law(), [curve(X, Y, objective=LOG)])
    weights = np.zeros(ends.value.shape)
    weights[..., 0] = 1 / len(batch.rivals)
    drawn = chains.sample(pilot_of(batch), ends, weights, 12000, 0)
    owner = np.tile(drawn.rival[0], chains.SNAPSHOTS)
    assert np.bincount(drawn.rival[0]).tolist() == [8, 8, 8]
    for k in range(len(batch.rivals)):
        mine = drawn.samples[0, owner == k]
        theta, sd = ends.theta[0, k, 0], mine.std(0)
        b, c, log_density = density(batch, k, theta, sd)
        mass = np.exp(log_density - log_density.max())
        mass /= mass.sum()
        mean = np.array([mass.sum(1) @ b, mass.sum(0) @ c])
        spread = np.sqrt([mass.sum(1) @ (b - mean[0]) ** 2, mass.sum(0) @ (c - mean[1]) ** 2])
        np.testing.assert_allclose((mine.mean(0) - mean) / spread, 0, atol=0.25)
        np.testing.assert_allclose(sd, spread, rtol=0.2)


def test_a_wavy_past_promises_a_wandering_slope() -> None:
    x = np.geomspace(1e2, 1e6, 24)
    straight, wavy = x**-0.3, x**-0.3 * np.exp(0.15 * np.sin(2 * np.log(x)))
    curves = [curve(x, y, objective=LOG) for y in (straight, wavy)]
    batch, _ = pilot(bnsl.law(1), curves)
    track = rolling.track(batch, curves, {}, np.full(2, 1e-6), 0)
    assert track.walk[1] > 5 * track.walk[0]
    best = [batch.rivals[k].name for k in track.score.argmax(1)]
    assert best[0] in {"power", "offset", "published"}
    np.testing.assert_array_equal(track.score.max(1), 0)


def test_three_points_have_no_past() -> None:
    short = curve([1, 2, 4], [3, 2, 1.6], objective=LOG)
    batch, _ = pilot(bnsl.law(1), [short])
    track = rolling.track(batch, [short], {}, np.array([1e-4]), 0)
    np.testing.assert_array_equal(track.score, 0)
    belief = 1 / (1 + (rolling.WALKS / 0.03) ** 2)
    assert track.walk[0] == pytest.approx(np.sqrt(belief @ rolling.WALKS**2 / belief.sum()))


def test_ends_at_the_same_place_count_once() -> None:
    batch, ends = pilot(bnsl.law(1), [curve(X, Y, objective=LOG)])
    for part in (ends.theta, ends.value, ends.hessian, ends.log_det):
        part[:, :, 1] = part[:, :, 0]
        part[:, :, 2] = part[:, :, 0]
    weights = evidence.weights_of(batch, ends)
    assert np.all((weights > 0).sum(2) == 1)
    assert weights.sum() == pytest.approx(1.0)


def test_rows_are_left_out_by_the_usual_deviation_of_all_of_them() -> None:
    random = np.random.default_rng(1)
    x = np.repeat([1.0, 2.0, 4.0, 8.0], 5)
    log_y = 0.01 * random.standard_normal(20)
    log_y[7] += 0.2
    kept, left_out = without_outliers(checked(x, np.exp(log_y)))
    assert (len(kept.x), left_out.x.tolist()) == (19, [2.0])
    np.testing.assert_allclose(left_out.y, np.exp(log_y[7]))
    pairs = checked(np.repeat([1.0, 2.0, 4.0], 2), [1, 9, 1, 1.1, 1, 1])
    assert len(without_outliers(pairs)[0].x) == 6
    split = checked(np.repeat([1.0, 2.0, 4.0], 4), [1, 1.01, 0.99, 1] * 2 + [1, 1, 3, 3])
    assert set(without_outliers(split)[0].x) == {1.0, 2.0, 4.0}


def test_beliefs_about_changes_are_about_their_sum() -> None:
    def total(rival: Rival, breaks: int) -> tuple[float, float]:
        law = bnsl.law(breaks)
        each = [rival.gaussian(parameter, law) for parameter in law.parameters if parameter.role == "change"]
        return sum(one.center for one in each), float(np.sqrt(sum(one.sd**2 for one in each)))

    for rival in RIVALS:
        assert total(rival, 3) == pytest.approx(total(rival, 1))
    slope = RIVALS[0].gaussian(power_law.law().parameters[1], power_law.law())
    assert (slope.center, slope.sd) == pytest.approx((0.49, 0.36), abs=0.003)
