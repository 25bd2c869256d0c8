"""Each norm against a naive computation on small matrices."""

import math

import numpy as np
import pytest
import torch

from scaling import registry

SHAPES = [(7, 12), (5, 7), (9, 5), (4, 9)]
NORMS = registry.names("norms")


def matrices(seed: int = 0) -> list[np.ndarray]:
    return [np.random.default_rng((seed, *shape)).standard_normal(shape) for shape in SHAPES]


def log_norm(name: str, arrays: list[np.ndarray]) -> float:
    return float(registry.load("norms", name).log_norm([torch.tensor(array) for array in arrays]))


def naive(name: str, arrays: list[np.ndarray]) -> float:
    s = [float(np.linalg.svd(array, compute_uv=False)[0]) for array in arrays]
    if name == "spectral_product":
        return math.log(math.prod(s))
    if name == "frobenius":
        return math.log(math.sqrt(sum(float(entry) ** 2 for array in arrays for entry in array.ravel())))
    assert name == "spectral_complexity"
    r = [sum(math.sqrt(sum(float(entry) ** 2 for entry in row)) for row in array) for array in arrays]
    return math.log(math.prod(s) * sum((a / b) ** (2 / 3) for a, b in zip(r, s, strict=True)) ** 1.5)


@pytest.mark.parametrize("name", NORMS)
def test_norm_equals_the_naive_computation(name: str) -> None:
    assert log_norm(name, matrices()) == pytest.approx(naive(name, matrices()), rel=1e-13)
    assert log_norm(name, matrices()[:1]) == pytest.approx(naive(name, matrices()[:1]), rel=1e-13)


def test_spectral_complexity_of_one_layer_is_its_row_sum() -> None:
    assert log_norm("spectral_complexity", [np.array([[3.0, 4.0], [0.0, 2.0]])]) == pytest.approx(math.log(7))


@pytest.mark.parametrize("name", ["spectral_complexity", "spectral_product"])
def test_scaling_one_matrix_scales_the_product_norms(name: str) -> None:
    arrays = matrices()
    scaled = [arrays[0], 3.7 * arrays[1], *arrays[2:]]
    assert log_norm(name, scaled) - log_norm(name, arrays) == pytest.approx(math.log(3.7), rel=1e-12)


def test_scaling_all_matrices_scales_the_frobenius_norm() -> None:
    difference = log_norm("frobenius", [3.7 * array for array in matrices()]) - log_norm("frobenius", matrices())
    assert difference == pytest.approx(math.log(3.7), rel=1e-12)


@pytest.mark.parametrize("name", NORMS)
@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_huge_and_tiny_weights_do_not_overflow(name: str, factor: float) -> None:
    layers = 1 if name == "frobenius" else len(SHAPES)
    shift = layers * math.log(factor)
    assert log_norm(name, [factor * array for array in matrices()]) == pytest.approx(
        shift + log_norm(name, matrices()), rel=1e-12
    )


@pytest.mark.parametrize("name", NORMS)
def test_dimensions_in_front_are_those_of_several_networks(name: str) -> None:
    stacked = [torch.tensor(np.stack(pair)) for pair in zip(matrices(0), matrices(1), strict=True)]
    together = registry.load("norms", name).log_norm(stacked)
    assert together.dtype == torch.float64
    np.testing.assert_allclose(together, [log_norm(name, matrices(0)), log_norm(name, matrices(1))], rtol=1e-13)


@pytest.mark.parametrize("name", NORMS)
def test_single_precision_weights_are_measured_in_double_precision(name: str) -> None:
    single = [array.astype(np.float32) for array in matrices()]
    assert log_norm(name, single) == pytest.approx(naive(name, [array.astype(float) for array in single]), rel=1e-13)
