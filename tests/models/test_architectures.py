"""What every architecture keeps, and the perceptron against plain numpy."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, stack_module_state, vmap
from torch.nn import functional

from scaling import registry
from scaling.models import parameter_of, roles, scale_matrices
from scaling.randomness import generator

NAMES = registry.names("models")
WITHOUT_BIASES = ("mlp_without_biases",)
mlp = registry.load("models", "mlp")


def drawn(name: str, seed: int = 3) -> nn.Module:
    architecture = registry.load("models", name)
    network = architecture.build({}, (1, 8, 8), 10)
    architecture.initialise(network, generator("test", "initial_weights", seed))
    return network


def excluded(name: str) -> tuple[str, ...]:
    return tuple(getattr(registry.load("models", name), "NO_MATRICES", ()))


@pytest.mark.parametrize("name", NAMES)
def test_every_architecture_keeps_the_contract(name: str) -> None:
    first, second = drawn(name), drawn(name)
    for (key, one), other in zip(first.state_dict().items(), second.state_dict().values(), strict=True):
        assert torch.equal(one, other), f"{key} is not drawn from the generator alone"
    assert first(torch.rand(5, 1, 8, 8)).shape == (5, 10)
    assert first.double()(torch.rand(5, 1, 8, 8, dtype=torch.float64)).dtype == torch.float64
    assert registry.load("models", name).width({}) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_widened_network_has_twice_the_rows_in_every_hidden_matrix(name: str) -> None:
    architecture = registry.load("models", name)
    wider = architecture.widened({}, 2 * architecture.width({}))
    assert architecture.width(wider) == 2 * architecture.width({})
    pairs = zip(
        architecture.weight_matrices(architecture.build({}, (1, 8, 8), 10)),
        architecture.weight_matrices(architecture.build(wider, (1, 8, 8), 10)),
        strict=True,
    )
    growth = [after.shape[0] / before.shape[0] for (_, before), (_, after) in pairs]
    assert growth == [2.0] * (len(growth) - 1) + [1.0]


@pytest.mark.parametrize("name", NAMES)
def test_no_weight_matrix_is_missed_and_none_counts_twice(name: str) -> None:
    architecture = registry.load("models", name)
    network = drawn(name)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        matrices = architecture.weight_matrices(network)
        for _, matrix in matrices:
            matrix += 1
    for key, parameter in network.named_parameters():
        expected = float(parameter.ndim >= 2 and not key.endswith(excluded(name) or "none"))
        assert (parameter == expected).all(), f"{key} holds {parameter.unique()}, not {expected}"
    assert all(matrix.ndim == 2 for _, matrix in matrices)
    assert len({key for key, _ in matrices}) == len(matrices)


@pytest.mark.parametrize("name", NAMES)
def test_matrices_come_in_the_order_of_the_layers(name: str) -> None:
    network = drawn(name)
    order: list[str] = []
    for key, layer in network.named_modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            layer.register_forward_hook(lambda *_, key=key: order.append(f"{key}.weight"))
    network(torch.rand(2, 1, 8, 8))
    matrices = [parameter_of(key) for key, _ in registry.load("models", name).weight_matrices(network)]
    assert list(dict.fromkeys(matrices)) == order


@pytest.mark.parametrize("name", NAMES)
def test_roles(name: str) -> None:
    architecture, network = registry.load("models", name), drawn(name)
    found, layers = roles(architecture, network), dict(network.named_modules())
    assert list(found) == [key for key, _ in network.named_parameters()]
    kinds = [role.kind for role in found.values()]
    assert kinds.count("input") == kinds.count("output") == 1
    assert kinds.count("output_vector") == (name not in WITHOUT_BIASES)
    for key, parameter in network.named_parameters():
        layer = layers[key.rpartition(".")[0]]
        if parameter.ndim == 1 or key.endswith(excluded(name) or "none"):
            assert found[key].kind == ("output_vector" if len(parameter) == 10 else "vector")
            assert found[key].fan_in == 1
        elif isinstance(layer, nn.Conv2d):
            assert found[key].fan_in == layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]
        else:
            assert isinstance(layer, nn.Linear)
            assert found[key].fan_in == layer.in_features
    matrices = [parameter_of(key) for key, _ in architecture.weight_matrices(network)]
    assert (found[matrices[0]].kind, found[matrices[-1]].kind) == ("input", "output")


@pytest.mark.parametrize("name", NAMES)
def test_initial_factor_reaches_the_matrices_that_do_not_keep_their_scale(name: str) -> None:
    architecture, untouched = registry.load("models", name), drawn(name)
    network = drawn(name).to(memory_format=torch.channels_last)
    scale_matrices(architecture, network, 0.25)
    kept = tuple(getattr(architecture, "KEEP_SCALE", ()))
    for (key, scaled), (_, matrix) in zip(
        architecture.weight_matrices(network), architecture.weight_matrices(untouched), strict=True
    ):
        assert torch.equal(scaled, matrix if parameter_of(key).endswith(kept) else matrix / 4)
    vectors = [(a, b) for a, b in zip(network.parameters(), untouched.parameters(), strict=True) if a.ndim == 1]
    assert bool(vectors) == (name not in WITHOUT_BIASES)
    assert all(torch.equal(a, b) for a, b in vectors)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NAMES)
def test_stacked_networks_equal_single_ones(name: str) -> None:
    networks = [drawn(name, seed).double() for seed in range(3)]
    parameters, buffers = stack_module_state(networks)
    x = torch.randn(3, 4, 1, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    y = torch.arange(4).expand(3, 4)

    def loss(parameters: Any, buffers: Any, x: Tensor, y: Tensor) -> Tensor:
        return functional.cross_entropy(functional_call(networks[0], (parameters, buffers), (x,)), y)

    gradients = vmap(grad(loss))(parameters, buffers, x, y)
    for index, network in enumerate(networks):
        functional.cross_entropy(network(x[index]), y[index]).backward()
        for key, parameter in network.named_parameters():
            torch.testing.assert_close(gradients[key][index], parameter.grad, rtol=1e-9, atol=1e-12)
        for key, buffer in network.named_buffers():
            torch.testing.assert_close(buffers[key][index], buffer)


def test_mlp_without_biases_is_the_one_with_biases_of_zero_and_homogeneous() -> None:
    plain = registry.load("models", "mlp_without_biases")
    settings = {"hidden": [7, 5]}
    network, beside = plain.build(settings, (1, 3, 2), 4).double(), mlp.build(settings, (1, 3, 2), 4).double()
    plain.initialise(network, generator("test", "initial_weights", 0))
    with torch.no_grad():
        for parameter in beside.parameters():
            parameter.zero_()
        for (_, own), (_, other) in zip(plain.weight_matrices(network), mlp.weight_matrices(beside), strict=True):
            assert 0.8 * own.shape[1] ** -0.5 < own.abs().max() <= own.shape[1] ** -0.5
            other.copy_(own)
        x = torch.randn(6, 1, 3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        before = network(x)
        torch.testing.assert_close(before, beside(x), rtol=1e-14, atol=0)
        assert before.abs().max() > 0.01
        for parameter in network.parameters():
            parameter.mul_(1.7)
        torch.testing.assert_close(network(x), 1.7**3 * before, rtol=1e-13, atol=0)


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


def test_cnn_rectifies_before_it_pools() -> None:
    network = drawn("cnn")
    first, second, hidden, output = (layer for layer in network.children() if isinstance(layer, nn.Conv2d | nn.Linear))
    x = torch.rand(5, 1, 8, 8) - 0.5
    pooled = functional.max_pool2d(second(first(x).relu()).relu(), 2)
    torch.testing.assert_close(network(x), output(hidden(pooled.flatten(1)).relu()))


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
