"""Each norm against a naive computation on small matrices."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from scaling import registry
from scaling.norms import Matrix, measured

SHAPES = [(7, 12), (5, 7), (9, 5), (4, 9)]
NORMS = registry.names("norms")


def matrices(seed: int = 0) -> list[np.ndarray]:
    return [np.random.default_rng((seed, *shape)).standard_normal(shape) for shape in SHAPES]


INITIAL = matrices(99)


def log_norm(name: str, arrays: list[np.ndarray], initial: list[np.ndarray] | None = None) -> float:
    tensors = [torch.tensor(array) for array in arrays]
    start = [torch.tensor(array) for array in (INITIAL[: len(arrays)] if initial is None else initial)]
    return float(registry.load("norms", name).log_norm(tensors, start))


def singular(array: np.ndarray) -> float:
    return float(np.linalg.svd(array, compute_uv=False)[0])


def rows(array: np.ndarray) -> float:
    return sum(math.sqrt(sum(float(entry) ** 2 for entry in row)) for row in array)


def columns(array: np.ndarray) -> float:
    return rows(array.T)


def entries(arrays: list[np.ndarray]) -> list[float]:
    return [float(entry) for array in arrays for entry in array.ravel()]


def complexity(s: list[float], r: list[float]) -> float:
    return math.prod(s) * sum((a / b) ** (2 / 3) for a, b in zip(r, s, strict=True)) ** 1.5


NAIVE: dict[str, Callable[[list[np.ndarray]], float]] = {
    "spectral_product": lambda arrays: math.prod(map(singular, arrays)),
    "frobenius": lambda arrays: math.sqrt(sum(entry**2 for entry in entries(arrays))),
    "l1": lambda arrays: sum(abs(entry) for entry in entries(arrays)),
    "l21": lambda arrays: sum(map(columns, arrays)),
    "spectral_complexity": lambda arrays: complexity(list(map(singular, arrays)), list(map(rows, arrays))),
    "spectral_complexity_init": lambda arrays: complexity(
        list(map(singular, arrays)), [rows(array - start) for array, start in zip(arrays, INITIAL, strict=False)]
    ),
    "spectral_complexity_tail": lambda arrays: complexity(
        list(map(singular, arrays)), [sum(map(columns, arrays[i + 1 :])) for i in range(len(arrays))]
    ),
    "spectral_complexity_last": lambda arrays: singular(arrays[-1]) * columns(arrays[-1]),
}
OF_ALL_LAYERS = [name for name in NORMS if name.startswith("spectral") and name != "spectral_complexity_last"]


def test_every_norm_has_a_naive_computation() -> None:
    assert sorted(NAIVE) == NORMS


@pytest.mark.parametrize("name", NORMS)
def test_norm_equals_the_naive_computation(name: str) -> None:
    for count in (4, 2):
        naive = math.log(NAIVE[name](matrices()[:count]))
        assert log_norm(name, matrices()[:count]) == pytest.approx(naive, rel=1e-13)


def test_norms_of_one_layer() -> None:
    matrix = np.array([[3.0, 4.0], [0.0, 2.0]])
    zero = [np.zeros((2, 2))]
    assert log_norm("spectral_complexity", [matrix]) == pytest.approx(math.log(7))
    assert log_norm("spectral_complexity_init", [matrix], zero) == pytest.approx(math.log(7))
    assert log_norm("l21", [matrix]) == pytest.approx(math.log(3 + 20**0.5))
    assert log_norm("l1", [matrix]) == pytest.approx(math.log(9))
    assert log_norm("spectral_complexity_tail", [matrix]) == -math.inf


def test_complexity_of_stem_and_last_layer_is_that_of_the_last_layer() -> None:
    two = matrices()[:2]
    assert log_norm("spectral_complexity_tail", two) == pytest.approx(log_norm("spectral_complexity_last", two))


@pytest.mark.parametrize("name", NORMS)
def test_a_norm_says_whether_it_needs_the_weights_before_training(name: str) -> None:
    norm, tensors = registry.load("norms", name), [torch.tensor(array) for array in matrices()]
    if getattr(norm, "NEEDS_START", False):
        with pytest.raises(ValueError, match="argument"):
            norm.log_norm(tensors)
    else:
        start = [torch.tensor(array) for array in INITIAL]
        assert norm.log_norm(tensors) == norm.log_norm(tensors, start)


def test_distance_from_the_start_begins_at_zero() -> None:
    assert log_norm("spectral_complexity_init", INITIAL) == -math.inf


@pytest.mark.parametrize("name", OF_ALL_LAYERS)
def test_scaling_all_matrices_scales_the_products(name: str) -> None:
    scaled = log_norm(name, [3.7 * array for array in matrices()], [3.7 * array for array in INITIAL])
    assert scaled - log_norm(name, matrices()) == pytest.approx(len(SHAPES) * math.log(3.7), rel=1e-12)


@pytest.mark.parametrize("name", ["spectral_complexity", "spectral_product"])
def test_scaling_one_matrix_scales_the_products_without_tails(name: str) -> None:
    arrays = matrices()
    scaled = [arrays[0], 3.7 * arrays[1], *arrays[2:]]
    assert log_norm(name, scaled) - log_norm(name, arrays) == pytest.approx(math.log(3.7), rel=1e-12)


@pytest.mark.parametrize("name", ["frobenius", "l1", "l21"])
def test_scaling_all_matrices_scales_the_sums(name: str) -> None:
    difference = log_norm(name, [3.7 * array for array in matrices()]) - log_norm(name, matrices())
    assert difference == pytest.approx(math.log(3.7), rel=1e-12)


@pytest.mark.parametrize("name", NORMS)
@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_huge_and_tiny_weights_do_not_overflow(name: str, factor: float) -> None:
    degree = len(SHAPES) if name in OF_ALL_LAYERS else 2 if name == "spectral_complexity_last" else 1
    scaled = log_norm(name, [factor * array for array in matrices()], [factor * array for array in INITIAL])
    assert scaled == pytest.approx(degree * math.log(factor) + log_norm(name, matrices()), rel=1e-12)


@pytest.mark.parametrize("name", NORMS)
def test_a_layer_of_zeros_gives_no_nan(name: str) -> None:
    arrays = [*matrices()[:3], np.zeros((4, 9))]
    found = log_norm(name, arrays)
    if name == "spectral_complexity_init":
        others = math.prod(map(singular, arrays[:3]))
        assert found == pytest.approx(math.log(others * rows(INITIAL[3])), rel=1e-12)
    elif name.startswith("spectral"):
        assert found == -math.inf
    else:
        assert found == pytest.approx(log_norm(name, arrays[:3]), rel=1e-12)


@pytest.mark.parametrize("name", NORMS)
def test_dimensions_in_front_are_those_of_several_networks(name: str) -> None:
    norm = registry.load("norms", name)
    stacked, initial = (
        [torch.tensor(np.stack(pair)) for pair in zip(matrices(first), matrices(second), strict=True)]
        for first, second in ((0, 1), (2, 3))
    )
    together = norm.log_norm(stacked, initial)
    assert together.dtype == torch.float64
    alone = [log_norm(name, matrices(0), matrices(2)), log_norm(name, matrices(1), matrices(3))]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


@pytest.mark.parametrize("name", NORMS)
def test_single_precision_weights_are_measured_in_double_precision(name: str) -> None:
    single = [array.astype(np.float32) for array in matrices()]
    double = [array.astype(float) for array in single]
    assert log_norm(name, single) == pytest.approx(log_norm(name, double), rel=1e-13)


@pytest.mark.parametrize("shape", [(300, 400), (400, 300), (257, 600)])
def test_largest_singular_value_of_a_matrix_of_several_blocks(shape: tuple[int, int]) -> None:
    array = np.random.default_rng(0).standard_normal(shape)
    found = Matrix(torch.tensor(array)).log_largest_singular_value.exp()
    assert float(found) == pytest.approx(singular(array), rel=1e-12)


def test_measuring_changes_no_weight_and_keeps_what_was_measured() -> None:
    array = matrices()[0]
    tensor = torch.tensor(array)
    matrix = measured([tensor])[0]
    value = matrix.log_largest_singular_value
    assert matrix.log_largest_singular_value is value
    assert measured([matrix])[0] is matrix
    np.testing.assert_array_equal(tensor, array)
