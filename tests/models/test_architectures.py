"""What every architecture keeps, and the perceptron against plain numpy."""

import numpy as np
import pytest
import torch

from scaling import registry
from scaling.randomness import generator

mlp = registry.load("models", "mlp")


@pytest.mark.parametrize("name", registry.names("models"))
def test_every_architecture_keeps_the_contract(name: str) -> None:
    architecture = registry.load("models", name)
    networks = [architecture.build({}, (1, 8, 8), 10) for _ in range(2)]
    for network in networks:
        architecture.initialise(network, generator("test", "initial_weights", 3))
    for (parameter_name, first), second in zip(networks[0].named_parameters(), networks[1].parameters(), strict=True):
        assert torch.equal(first, second), f"{parameter_name} is not drawn from the generator alone"
    assert networks[0](torch.rand(5, 1, 8, 8)).shape == (5, 10)
    assert architecture.width({}) >= 1


@pytest.mark.parametrize("name", registry.names("models"))
def test_no_weight_matrix_is_missed(name: str) -> None:
    architecture = registry.load("models", name)
    network = architecture.build({}, (1, 8, 8), 10)
    expected = {parameter.data_ptr(): parameter.numel() for parameter in network.parameters() if parameter.ndim >= 2}
    matrices = architecture.weight_matrices(network)
    assert {matrix.data_ptr(): matrix.numel() for _, matrix in matrices} == expected
    assert all(matrix.ndim == 2 for _, matrix in matrices)
    assert len({matrix_name for matrix_name, _ in matrices}) == len(matrices)


def test_mlp_equals_plain_numpy() -> None:
    network = mlp.build({"hidden": [7, 5, 3]}, (2, 3, 2), 4)
    mlp.initialise(network, generator("test", "initial_weights", 0))
    assert [tuple(matrix.shape) for _, matrix in mlp.weight_matrices(network)] == [(7, 12), (5, 7), (3, 5), (4, 3)]
    x = np.random.default_rng(0).random((6, 2, 3, 2))
    activity = x.reshape(6, 12)
    parameters = [parameter.detach().double().numpy() for parameter in network.parameters()]
    for layer in range(4):
        activity = activity @ parameters[2 * layer].T + parameters[2 * layer + 1]
        if layer < 3:
            activity = np.maximum(activity, 0)
    np.testing.assert_allclose(network(torch.tensor(x, dtype=torch.float32)).detach(), activity, rtol=1e-5, atol=1e-6)


def test_mlp_starts_from_the_distribution_of_torch() -> None:
    network = mlp.build({"hidden": [400]}, (1, 10, 10), 10)
    mlp.initialise(network, generator("test", "initial_weights", 0))
    for parameter, inputs in zip(network.parameters(), (100, 100, 400, 400), strict=True):
        scaled = np.sort(parameter.detach().numpy().ravel()) * inputs**0.5
        assert abs(scaled).max() <= 1 + 1e-6
        uniform = np.linspace(-1, 1, len(scaled))
        assert abs(scaled - uniform).max() < 2 * 2.5 / len(scaled) ** 0.5  # Kolmogorov's distance, p = 1e-5


def test_linear_classifier_is_the_perceptron_without_hidden_layers() -> None:
    assert [tuple(p.shape) for p in mlp.build({"hidden": []}, (1, 2, 3), 4).parameters()] == [(4, 6), (4,)]


def test_wrong_settings_are_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"hidden: found \[128, 0\]; allowed: a list of integers ≥ 1"):
        mlp.build({"hidden": [128, 0]}, (1, 8, 8), 10)
    with pytest.raises(ValueError, match="found hiden; allowed: hidden"):
        mlp.build({"hiden": [128]}, (1, 8, 8), 10)
