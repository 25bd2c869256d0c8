"""One-pass gradient descent of two-layer networks against a naive loop, exact means and the theory."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.special import erf, ndtr

from scaling.simulation import _committee_kernel as kernel
from scaling.simulation import committee as simulation
from scaling.simulation.committee_weights import by_direction, draw_weights, group_overlaps
from scaling.theory import committee as theory

FloatArray = NDArray[np.float64]
DOUBLE = torch.zeros(1, dtype=torch.float64)
SIZE = 60


def density(z: FloatArray) -> FloatArray:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


PLAIN: dict[str, Any] = {
    "erf": (lambda z: erf(z / np.sqrt(2)), lambda z: 2 * density(z)),
    "linear": (lambda z: z, np.ones_like),
    "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "tanh": (np.tanh, lambda z: np.cosh(z) ** -2.0),
    "gelu": (lambda z: z * ndtr(z), lambda z: ndtr(z) + z * density(z)),
}


def naive(
    weights: FloatArray,
    examples: FloatArray,
    targets: FloatArray,
    rate: float,
    out: FloatArray,
    activation: str,
    trained: Any = 1,
) -> FloatArray:
    """One example after the other."""
    value, slope = PLAIN[activation]
    weights = weights.copy()
    for example, target in zip(examples, targets, strict=True):
        x = weights @ example / np.sqrt(example.size)
        weights += (
            rate / np.sqrt(example.size) * np.outer(out * slope(x) * (target - out @ value(x)), example * trained)
        )
    return weights


def network(students: int = 3, teachers: int = 2, **changed: Any) -> dict[str, Any]:
    J, B = draw_weights(0, students=students, teachers=teachers, dimension=SIZE, init_scale=0.5)
    return {
        "students": J,
        "teachers": B,
        "eigenvalues": theory.power_law_eigenvalues(SIZE, 1.0),
        "learning_rate": 0.7,
        "student_out": np.linspace(0.4, 0.8, students),
        "teacher_out": np.linspace(1, -0.5, teachers),
    } | changed


@pytest.mark.parametrize("activation", list(PLAIN))
@pytest.mark.parametrize("trainable", [None, np.arange(SIZE) < 20])
def test_blocks_equal_the_naive_loop(activation: str, trainable: Any) -> None:
    """Also where blocks are cut by measurements, with label noise and with directions that are not trained."""
    options = network(activation=activation, trainable=trainable, label_noise=0.3)
    steps = np.array([0, 1, 50, 64, 150])
    found = simulation.descend(steps / SIZE, **options, seeds=[3, 5])
    for place, seed in enumerate([3, 5]):
        inputs, noise = (kernel.Noise(purpose, [seed], DOUBLE) for purpose in ("examples", "label_noise"))
        white = np.concatenate([inputs.block(SIZE)[0].numpy() for _ in range(3)])
        errors = np.concatenate([noise.block()[0].numpy() for _ in range(3)])
        examples = white * np.sqrt(options["eigenvalues"])
        taught = PLAIN[activation][0](examples @ options["teachers"].T / np.sqrt(SIZE)) @ options["teacher_out"]
        targets = taught + np.sqrt(0.3) * errors
        for moment, step in enumerate(steps):
            rest = 0.7, options["student_out"], activation, 1 if trainable is None else trainable
            weights = naive(options["students"], examples[:step], targets[:step], *rest)
            weighted = weights * options["eigenvalues"] / SIZE
            np.testing.assert_allclose(found.Q[place, moment], weighted @ weights.T, rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(found.R[place, moment], weighted @ options["teachers"].T, rtol=1e-10, atol=1e-12)


def test_strongly_coupled_blocks_equal_the_naive_loop() -> None:
    """The iteration has to go on to the end when one direction has nearly all variance and the rate is large."""
    rng = np.random.default_rng(0)
    examples = rng.standard_normal((64, 5)) * [6, 1e-3, 1e-3, 1e-3, 1e-3]
    targets, start = rng.standard_normal(64), rng.standard_normal((2, 5))
    parts = (torch.from_numpy(part)[None] for part in (start, examples, targets))
    out = np.array([0.5, -0.7])
    found = kernel.learn(*parts, rate=2.0, out=torch.from_numpy(out), unit=kernel.UNITS["erf"], trained=None)
    expected = naive(start, examples, targets, 2.0, out, "erf")
    np.testing.assert_allclose(found[0], expected, rtol=1e-10)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_gpu_equals_cpu_on_the_same_examples() -> None:
    rng = np.random.default_rng(0)
    start, examples = rng.standard_normal((4, 3, SIZE)), rng.standard_normal((4, 64, SIZE))
    targets, out = rng.standard_normal((4, 64)), rng.standard_normal(3)
    found = [
        kernel.learn(
            *(torch.tensor(part, device=device) for part in (start, examples, targets)),
            rate=0.5,
            out=torch.tensor(out, device=device),
            unit=kernel.UNITS["erf"],
            trained=None,
        ).cpu()
        for device in ("cpu", "cuda")
    ]
    np.testing.assert_allclose(found[1], found[0], rtol=1e-10)
    run = simulation.descend([0, 1.0], **network(), seeds=range(3), device="cuda")
    assert np.all(np.isfinite(run.error))
    assert np.all(run.error[:, 1] < run.error[:, 0])


def test_a_seed_alone_is_the_seed_among_others() -> None:
    times = [0.5, 2.0]
    together = simulation.descend(times, **network(1), seeds=range(11))
    for seed in (0, 9):
        alone = simulation.descend(times, **network(1), seeds=[seed])
        np.testing.assert_allclose(alone.error[0], together.error[seed], rtol=1e-12)
    assert len(set(together.error[:, 1])) == 11


def test_measuring_changes_nothing() -> None:
    often = simulation.descend(np.arange(1, 40) / 13, **network(), seeds=[0])
    once = simulation.descend([3.0], **network(), seeds=[0])
    np.testing.assert_allclose(often.Q[0, -1], once.Q[0, 0], rtol=1e-10)


def test_noise_is_common_to_settings_and_not_to_seeds() -> None:
    def white(eigenvalues: FloatArray, teacher: float) -> FloatArray:
        stream = kernel.taught(
            torch.full((2, 1, SIZE), teacher, dtype=torch.float64),
            torch.tensor(eigenvalues),
            out=DOUBLE + 1,
            unit=kernel.UNITS["erf"],
            label_noise=teacher,
            seeds=[4, 7],
        )
        return np.concatenate([next(stream)[0].numpy() for _ in range(4)], axis=1) / np.sqrt(eigenvalues)

    one, other = white(theory.power_law_eigenvalues(SIZE, 1.0), 0), white(np.ones(SIZE), 1)
    np.testing.assert_allclose(one, other, rtol=1e-6)
    assert abs(np.corrcoef(one[0].ravel(), one[1].ravel())[0, 1]) < 4 / one[0].size ** 0.5
    assert abs(one.std() - 1) < 4 / one.size**0.5


def within_errors(found: FloatArray, expected: FloatArray, most: float = 4) -> FloatArray:
    """Distances of the means over seeds from what is expected, in standard errors."""
    errors = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    distances = np.abs(found.mean(axis=0) - expected) / errors
    assert np.all(distances < most), distances
    return distances


def test_linear_mean_is_the_exact_recursion() -> None:
    """With few directions, where the theory of many is far off; also with label noise and fixed directions."""
    eigenvalues = theory.power_law_eigenvalues(16, 1.0)
    start = np.random.default_rng(0).standard_normal(16)
    times, trained = [0.5, 2.0, 8.0], np.arange(16) < 10
    options: dict[str, Any] = {"eigenvalues": eigenvalues, "learning_rate": 0.4, "label_noise": 0.1}
    options |= {"trainable": trained}
    found = simulation.descend_linear(times, differences=start, **options, seeds=range(800))
    within_errors(found, theory.linear_discrete_error(times, squares=start**2, **options))
    nothing = np.zeros((16, 1, 1))
    limit = theory.generalization_error(
        times,
        overlaps=(nothing, nothing, start[:, None, None] ** 2 / 16),
        activation="linear",
        **options,
    )
    distances = np.abs(found.mean(axis=0) - limit) / (found.std(axis=0) / np.sqrt(800))
    assert distances.max() > 6


def test_linear_networks_follow_one_vector() -> None:
    options = network(activation="linear", label_noise=0.2)
    w, v = options["student_out"], options["teacher_out"]
    times = [0, 0.4, 3.0]
    full = simulation.descend(times, **options, seeds=[0, 1])
    one = simulation.descend_linear(
        times,
        differences=v @ options["teachers"] - w @ options["students"],
        eigenvalues=options["eigenvalues"],
        learning_rate=options["learning_rate"] * w @ w,
        label_noise=0.2,
        seeds=[0, 1],
    )
    np.testing.assert_allclose(one, full.error, rtol=1e-10)


@pytest.mark.parametrize(("units", "groups", "rate"), [((2, 2), 2, 0.5), ((3, 2), 4, 0.3)])
def test_mean_of_many_runs_is_the_theory(units: tuple[int, int], groups: int, rate: float) -> None:
    J, B = draw_weights(1, students=units[0], teachers=units[1], dimension=240, init_scale=0.3)
    eigenvalues = theory.power_law_eigenvalues(groups, 1.0)
    times = [0.5, 2.0, 8.0]
    runs = simulation.descend(
        times,
        students=J,
        teachers=B,
        eigenvalues=by_direction(eigenvalues, 240),
        learning_rate=rate,
        seeds=range(64),
    )
    expected = theory.generalization_error(
        times, overlaps=group_overlaps(J, B, groups), eigenvalues=eigenvalues, learning_rate=rate
    )
    within_errors(runs.error, expected)


def test_overlaps_alone_have_the_same_law() -> None:
    """In groups with hardly more directions than units, against runs with all weights; and a linear exact mean."""
    J, B = draw_weights(2, students=2, teachers=2, dimension=12, init_scale=0.5)
    eigenvalues, times = np.array([1.6, 0.4]), [0.5, 2.0, 6.0]
    options: dict[str, Any] = {"learning_rate": 0.8, "label_noise": 0.1, "seeds": range(600)}
    full = simulation.descend(times, students=J, teachers=B, eigenvalues=by_direction(eigenvalues, 12), **options)
    reduced = simulation.descend_overlaps(
        times, overlaps=group_overlaps(J, B, 2), eigenvalues=eigenvalues, directions=[6, 6], **options
    )
    np.testing.assert_allclose(reduced.T, full.T, rtol=1e-10)
    for name in ("error", "Q", "R"):
        one, other = getattr(full, name), getattr(reduced, name)
        errors = np.sqrt((one.var(axis=0) + other.var(axis=0)) / 600)
        assert np.max(np.abs(one.mean(axis=0) - other.mean(axis=0)) / errors) < 4
        np.testing.assert_allclose(one.std(axis=0), other.std(axis=0), rtol=0.3)


def test_overlaps_alone_at_the_fewest_directions() -> None:
    """One direction per unit: nothing lies across the span, and the linear mean is exact."""
    eigenvalues, times = np.array([1.3, 0.7]), [0.5, 2.0]
    J, B = draw_weights(3, students=1, teachers=1, dimension=4, init_scale=1.0)
    runs = simulation.descend_overlaps(
        times,
        overlaps=group_overlaps(J, B, 2),
        eigenvalues=eigenvalues,
        directions=[2, 2],
        learning_rate=0.3,
        activation="linear",
        seeds=range(800),
    )
    expected = theory.linear_discrete_error(
        times, squares=(B - J)[0] ** 2, eigenvalues=by_direction(eigenvalues, 4), learning_rate=0.3
    )
    within_errors(runs.error, expected)


def test_real_samples() -> None:
    rng = np.random.default_rng(0)
    inputs, targets = rng.standard_normal((30, 8)), rng.standard_normal(30)
    start = rng.standard_normal((2, 8))
    found = simulation.descend_on_samples(
        [0, 5.0], students=start, inputs=inputs, targets=targets, learning_rate=0.3, activation="tanh", seeds=[1, 2]
    )
    for place, seed in enumerate([1, 2]):
        stream = kernel.sampled(torch.from_numpy(inputs), torch.from_numpy(targets), [seed])
        examples, labels = (part[0].numpy() for part in next(stream))
        weights = naive(start, examples[:40], labels[:40], 0.3, np.full(2, 0.5), "tanh")
        for moment, now in enumerate((start, weights)):
            error = np.mean((np.tanh(inputs @ now.T / np.sqrt(8)) @ [0.5, 0.5] - targets) ** 2) / 2
            np.testing.assert_allclose(found[place, moment], error, rtol=1e-10)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"times": [1, 0.5]}, "times: found a time below 0 or not above the one before"),
        ({"eigenvalues": np.zeros(SIZE)}, "eigenvalues: found 0; allowed: numbers above 0"),
        ({"students": np.ones((3, 7))}, r"students: found shape \(3, 7\); allowed: \(any, 60\)"),
        ({"teachers": np.ones((3, 2, SIZE))}, r"teachers: found shape \(3, 2, 60\); allowed: \(1, any, 60\)"),
        ({"learning_rate": -1}, "learning_rate: found -1; allowed: numbers above 0"),
        ({"activation": "swish"}, "activation: found 'swish'; allowed: erf, linear, relu, tanh, gelu"),
        ({"trainable": np.ones(3, dtype=bool)}, r"trainable: found bool of shape \(3,\)"),
        ({"label_noise": -1}, "label_noise: found -1; allowed: a variance, 0 or more"),
    ],
)
def test_refused_arguments(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        simulation.descend(**(network() | {"times": [1.0], "seeds": [0]} | change))


def test_refused_directions() -> None:
    J, B = draw_weights(0, students=2, teachers=2, dimension=48, init_scale=0.1)
    options: dict[str, Any] = {"overlaps": group_overlaps(J, B, 2), "eigenvalues": [1.5, 0.5], "learning_rate": 0.1}
    with pytest.raises(ValueError, match=r"^directions: found 3; allowed: integers ≥ 4$"):
        simulation.descend_overlaps([1.0], **options, directions=[3, 45], seeds=[0])
