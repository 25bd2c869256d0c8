"""Convolutions as linear maps against the matrices written out."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from scaling import registry
from scaling.norms import Matrix
from scaling.norms._convolution import Convolution, Geometry, operators
from scaling.randomness import generator

QUANTITIES = ("log_row_sum", "log_column_sum", "log_frobenius", "log_absolute_sum")
GEOMETRIES = [
    Geometry((4, 3, 3, 3), (1, 1), (1, 1), (6, 5)),
    Geometry((5, 2, 3, 3), (2, 2), (1, 1), (7, 6)),
    Geometry((3, 4, 1, 1), (2, 2), (0, 0), (5, 5)),
    Geometry((6, 1, 2, 2), (2, 2), (0, 0), (4, 6)),
]


def written_out(weight: Tensor, geometry: Geometry) -> Tensor:
    """The matrix of the map, a column for each input pixel."""
    images = torch.eye(weight.shape[1] * math.prod(geometry.image), dtype=torch.float64)
    images = images.reshape(-1, weight.shape[1], *geometry.image)
    return functional.conv2d(images, weight, stride=geometry.stride, padding=geometry.padding).flatten(1).T


def draw(geometry: Geometry, seed: int = 0) -> Tensor:
    return torch.tensor(np.random.default_rng(seed).standard_normal(geometry.weight))


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=str)
def test_convolution_equals_its_matrix(geometry: Geometry) -> None:
    weight = draw(geometry)
    found, matrix = Convolution(weight.flatten(1), geometry), written_out(weight, geometry)
    for quantity in QUANTITIES:
        assert float(getattr(found, quantity)) == pytest.approx(float(getattr(Matrix(matrix), quantity)), rel=1e-12)
    s = float(np.linalg.svd(matrix, compute_uv=False)[0])
    assert float(found.log_largest_singular_value.exp()) == pytest.approx(s, rel=1e-6)
    assert float(found.log_largest_singular_value.exp()) >= 0.999999 * np.linalg.svd(weight.flatten(1))[1][0]


def test_several_networks_and_differences() -> None:
    geometry = GEOMETRIES[1]
    weights = [draw(geometry, seed) for seed in range(3)]
    together = Convolution(torch.stack(weights).flatten(2), geometry)
    for quantity in (*QUANTITIES, "log_largest_singular_value"):
        alone = [float(getattr(Convolution(weight.flatten(1), geometry), quantity)) for weight in weights]
        np.testing.assert_allclose(getattr(together, quantity), alone, rtol=1e-12)
    difference = Convolution(weights[0].flatten(1), geometry) - Convolution(weights[1].flatten(1), geometry)
    expected = Matrix(written_out(weights[0] - weights[1], geometry)).log_row_sum
    assert float(difference.log_row_sum) == pytest.approx(float(expected), rel=1e-12)


def test_a_flat_spectrum_and_a_map_of_rank_one_are_solved() -> None:
    geometry = Geometry((2, 2, 1, 1), (1, 1), (0, 0), (4, 4))
    identity = Convolution(3 * torch.eye(2, dtype=torch.float64), geometry)
    assert float(identity.log_largest_singular_value) == pytest.approx(math.log(3), rel=1e-9)
    ones = Convolution(torch.ones(2, 2), geometry)
    assert float(ones.log_largest_singular_value) == pytest.approx(math.log(2), rel=1e-9)
    zeros = Convolution(torch.zeros(2, 2), geometry)
    assert float(zeros.log_largest_singular_value) == -math.inf


@pytest.mark.parametrize("name", registry.names("models"))
def test_operators_of_a_network_see_the_images_it_sees(name: str) -> None:
    architecture = registry.load("models", name)
    network = architecture.build({}, (1, 8, 8), 10)
    architecture.initialise(network, generator("test", "initial_weights", 0))
    before = {key: value.clone() for key, value in network.state_dict().items()}
    matrices = architecture.weight_matrices(network)
    found = operators(network, matrices, (1, 8, 8))
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    layers = dict(network.named_modules())
    seen: dict[str, tuple[int, ...]] = {}
    for key, layer in layers.items():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(
                lambda _, inputs, output, key=key: seen.update({key: inputs[0].shape[1:] + output.shape[1:]})
            )
    network(torch.zeros(2, 1, 8, 8))
    for (key, matrix), operator in zip(matrices, found, strict=True):
        layer_name = key.removesuffix(".weight")
        if layer_name in seen:
            assert isinstance(operator, Convolution)
            shape = operator._column_norms().shape + operator._row_norms().shape
            inputs, outputs = math.prod(seen[layer_name][:3]), math.prod(seen[layer_name][3:])
            assert shape == (inputs, outputs)
        else:
            assert type(operator) is Matrix
        assert torch.equal(operator.entries, matrix)
