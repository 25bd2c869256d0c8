"""The chains against posteriors known in closed form or by integration."""

import numpy as np

from scaling.fitting import Gaussian, Prior, fit

RANDOM = np.random.default_rng(5)
X = np.geomspace(1e3, 1e6, 12)
Y = 3.0 * X**-0.3 * np.exp(0.05 * RANDOM.standard_normal(12))


def test_power_law_posterior_is_the_normal_distribution_of_linear_regression() -> None:
    """log y is linear in (log b, c0), so that prior and posterior are normal: Bayesian linear regression."""
    prior = Prior({"b": Gaussian(0.1, 0.2), "c0": Gaussian(0.5, 0.1)}, tail=0.4, noise=0.05)
    u = np.log(X / X[-1])
    design, weight = np.column_stack([np.ones_like(u), -u]), np.exp(0.4 * u) / 0.05**2
    center, precision = np.array([0.1 + np.log(Y[-1]), 0.5]), np.diag([0.2**-2.0, 0.1**-2.0])
    covariance = np.linalg.inv(design.T @ (weight[:, None] * design) + precision)
    mean = covariance @ (design.T @ (weight * np.log(Y)) + precision @ center)

    best = fit(X, Y, law="power_law", prior=prior, mode="mode")
    np.testing.assert_allclose(best.optimum.theta, mean, rtol=1e-8)
    np.testing.assert_allclose(best.optimum.covariance, covariance, rtol=1e-8)

    samples = fit(X, Y, law="power_law", prior=prior, steps=8000).samples
    assert samples is not None
    np.testing.assert_allclose((samples.mean(0) - mean) / np.sqrt(np.diag(covariance)), 0, atol=0.12)
    np.testing.assert_allclose(np.cov(samples.T), covariance, rtol=0.15)


def test_skewed_posterior_agrees_with_integration_on_a_grid() -> None:
    """A limit that the data leave open: two parameters are held by narrow priors, the limit's posterior is skewed."""
    prior = Prior(
        {"a": Gaussian(-1.0, 1.5), "b": Gaussian(-0.2, 0.3), "c0": Gaussian(0.3, 1e-5)}, noise=0.1, inflation=None
    )
    made = fit(X, Y, law="power_law_offset", prior=prior, steps=12000)
    u, log_y = np.log(X / X[-1]), np.log(Y)
    log_a = np.linspace(-9.0, 0.5, 400)[:, None] + log_y.min()
    log_b = np.linspace(-2.0, 1.5, 400)[None] + log_y[-1]
    residual = np.logaddexp(log_a[..., None], log_b[..., None] - 0.3 * u) - log_y
    deviance = (residual**2).sum(-1) / 0.1**2
    deviance = deviance + ((log_a - log_y.min() + 1.0) / 1.5) ** 2 + ((log_b - log_y[-1] + 0.2) / 0.3) ** 2
    density = np.exp(-0.5 * (deviance - deviance.min()))
    density /= density.sum()

    assert made.samples is not None
    expected = [(density * log_a).sum(), (density * log_b).sum()]
    sd = [np.sqrt((density * (each - mean) ** 2).sum()) for each, mean in zip((log_a, log_b), expected, strict=True)]
    np.testing.assert_allclose((made.samples[:, :2].mean(0) - expected) / sd, 0, atol=0.12)
    np.testing.assert_allclose(made.samples[:, :2].std(0), sd, rtol=0.12)
    ahead = np.logaddexp(log_a, log_b - 0.3 * np.log(50.0))
    assert abs(np.log(made.predict(50 * X[-1])) - (density * ahead).sum()) < 0.01


def test_bounds_hold_for_every_sample() -> None:
    made = fit(X, Y, breaks=1, bounds={"c0": (0.1, 0.2), "d1": (2e3, 1e4)}, steps=400)
    assert made.samples is not None
    natural = made.law.to_natural(made.law.shift(made.samples, np.array(made.curve.origin)))
    assert 0.1 <= natural[:, 2].min() < natural[:, 2].max() <= 0.2
    assert 2e3 * (1 - 1e-9) <= natural[:, 4].min() < natural[:, 4].max() <= 1e4 * (1 + 1e-9)
