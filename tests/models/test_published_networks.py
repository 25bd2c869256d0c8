"""The nine networks of D'Amico et al., arXiv 2505.13230, and independent constructions of the three architectures."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.resnet import BasicBlock
from torchvision.models.resnet import ResNet as TorchvisionResNet

from scaling import registry
from scaling.models import scale_matrices
from scaling.randomness import generator

MNIST, COLOUR = (1, 28, 28), (3, 32, 32)
CNN = {"channels": [32, 64, 128], "pool_after": [2], "hidden": [512], "dropout": 0.0}
DEEP_CNN = {"channels": [64, 128, 256, 512], "pool_after": [2, 4], "hidden": [1024, 512], "dropout": 0.1}
RESNET18 = {"widths": [64, 128, 256, 512], "blocks": [2, 2, 2, 2]}
NINE: list[tuple[str, dict[str, Any], tuple[int, ...], int, int, int]] = [
    ("cnn", CNN, MNIST, 10, 12_943_370, 5),
    ("cnn", CNN, COLOUR, 10, 16_876_106, 5),
    ("cnn", DEEP_CNN, COLOUR, 100, 35_682_532, 7),
    ("resnet", RESNET18 | {"widths": [16, 32, 64, 128]}, MNIST, 10, 701_178, 21),
    ("resnet", RESNET18, COLOUR, 10, 11_173_962, 21),
    ("resnet", RESNET18 | {"blocks": [3, 4, 6, 3]}, COLOUR, 100, 21_328_292, 37),
    ("vit", {"patch": 7, "width": 128, "depth": 4, "heads": 4, "mlp_ratio": 4}, MNIST, 10, 803_338, 26),
    ("vit", {"patch": 4, "width": 192, "depth": 6, "heads": 3, "mlp_ratio": 4}, COLOUR, 10, 2_693_578, 38),
    ("vit", {"patch": 4, "width": 256, "depth": 6, "heads": 4, "mlp_ratio": 4}, COLOUR, 100, 4_794_212, 38),
]


def network_of(name: str, settings: dict[str, Any], shape: tuple[int, ...] = (1, 8, 8), classes: int = 10) -> Any:
    architecture = registry.load("models", name)
    network = architecture.build(settings, shape, classes)
    architecture.initialise(network, generator("test", "initial_weights", 0))
    return network


@pytest.mark.parametrize(("name", "settings", "shape", "classes", "parameters", "matrices"), NINE)
def test_number_of_parameters_and_matrices(
    name: str, settings: dict[str, Any], shape: tuple[int, ...], classes: int, parameters: int, matrices: int
) -> None:
    architecture = registry.load("models", name)
    with torch.device("meta"):
        network = architecture.build(settings, shape, classes)
        assert network(torch.empty(2, *shape)).shape == (2, classes)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters
    assert len(architecture.weight_matrices(network)) == matrices


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("cnn", {"channels": [8, 16], "pool_after": [1, 2]}),
        ("resnet", {"widths": [8, 16]}),
        ("vit", {"patch": 7, "heads": 2}),
    ],
)
def test_small_networks_take_pooled_mnist(name: str, settings: dict[str, Any]) -> None:
    network = network_of(name, settings, (1, 14, 14))
    assert network(torch.rand(3, 1, 14, 14)).shape == (3, 10)
    assert sum(parameter.numel() for parameter in network.parameters()) < 60_000


@pytest.mark.parametrize("training", [True, False])
def test_resnet_equals_that_of_torchvision(training: bool) -> None:
    reference = TorchvisionResNet(BasicBlock, [1, 2, 1, 1], num_classes=7)
    reference.conv1, reference.maxpool = nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.Identity()
    ours = network_of("resnet", {"widths": [64, 128, 256, 512], "blocks": [1, 2, 1, 1]}, COLOUR, 7)
    x = torch.randn(4, *COLOUR, generator=torch.Generator().manual_seed(0))
    ours(x)  # moves the running averages
    reference.load_state_dict(dict(zip(reference.state_dict(), ours.state_dict().values(), strict=True)))
    for network in (ours, reference):
        network.train(training)
    torch.testing.assert_close(ours(x), reference(x))


def test_vit_equals_the_encoder_of_torch() -> None:
    ours = network_of("vit", {"width": 24, "depth": 3, "heads": 3, "mlp_ratio": 2}, (2, 6, 4), 5).double()
    x = torch.randn(3, 2, 6, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    patches = x.reshape(3, 2, 3, 2, 2, 2).permute(0, 2, 4, 1, 3, 5).reshape(3, 6, 8)
    tokens = patches @ ours.embedding.weight.flatten(1).T + ours.embedding.bias
    tokens = torch.cat((ours.class_token.expand(3, 1, 24), tokens), 1) + ours.positions
    for block in ours.blocks:
        layer = nn.TransformerEncoderLayer(24, 3, 48, 0.0, "gelu", batch_first=True, norm_first=True).double()
        layer.load_state_dict(
            {
                "self_attn.in_proj_weight": block.attention.projection.weight,
                "self_attn.in_proj_bias": block.attention.projection.bias,
                **{f"self_attn.out_proj.{key}": value for key, value in block.attention.output.state_dict().items()},
                **{f"linear1.{key}": value for key, value in block.mlp[0].state_dict().items()},
                **{f"linear2.{key}": value for key, value in block.mlp[2].state_dict().items()},
                **{f"norm1.{key}": value for key, value in block.normalisation1.state_dict().items()},
                **{f"norm2.{key}": value for key, value in block.normalisation2.state_dict().items()},
            }
        )
        tokens = layer(tokens)
    logits = ours.output(functional.layer_norm(tokens[:, 0], (24,)))
    torch.testing.assert_close(ours(x), logits, rtol=1e-10, atol=1e-12)


def test_query_key_and_value_keep_their_initial_scale_alone() -> None:
    vit = registry.load("models", "vit")
    network = network_of("vit", {"depth": 1})
    before = {key: matrix.clone() for key, matrix in vit.weight_matrices(network)}
    scale_matrices(vit, network, 0.5)
    kept = [key for key, matrix in vit.weight_matrices(network) if torch.equal(matrix, before[key])]
    assert kept == [f"blocks.0.attention.projection.weight:{part}" for part in ("query", "key", "value")]


def convolved(x: NDArray[Any], weight: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """The sum over channels and the 3×3 neighbours of each pixel, by hand."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    result = np.empty((len(x), len(weight), *x.shape[2:]))
    for row, column in np.ndindex(*x.shape[2:]):
        window = padded[:, :, row : row + 3, column : column + 3]
        result[:, :, row, column] = np.einsum("nchw,ochw->no", window, weight) + bias
    return result


def test_cnn_equals_plain_numpy() -> None:
    settings = {"channels": [3, 4, 2], "pool_after": [1, 3], "hidden": [6], "dropout": 0.0}
    network = network_of("cnn", settings, (2, 6, 5), 4).double()
    weights = [parameter.detach().numpy() for parameter in network.parameters()]
    x = np.random.default_rng(0).random((3, 2, 6, 5))
    activity = x
    for layer in range(3):
        activity = np.maximum(convolved(activity, weights[2 * layer], weights[2 * layer + 1]), 0)
        if layer != 1:
            rows, columns = (side // 2 for side in activity.shape[2:])
            whole = activity[:, :, : 2 * rows, : 2 * columns]
            activity = whole.reshape(3, -1, rows, 2, columns, 2).max((3, 5))
    activity = np.maximum(activity.reshape(3, -1) @ weights[6].T + weights[7], 0)
    np.testing.assert_allclose(network(torch.tensor(x)).detach(), activity @ weights[8].T + weights[9], rtol=1e-10)


def test_dropout_acts_on_hidden_units_in_training_only() -> None:
    network = network_of("cnn", {"dropout": 0.5})
    x = torch.rand(2, 1, 8, 8)
    assert not torch.equal(network(x), network(x))
    network.eval()
    assert torch.equal(network(x), network(x))
    assert sum(isinstance(layer, nn.Dropout) for layer in network.modules()) == 1


def uniform(values: Tensor, bound: float) -> None:
    """Kolmogorov's distance to the uniform distribution on ±bound, p = 1e-5."""
    values = values.detach().flatten().sort().values / bound
    assert values.abs().max() <= 1 + 1e-6
    assert (values - torch.linspace(-1, 1, len(values))).abs().max() < 2 * 2.5 / len(values) ** 0.5


def normal(values: Tensor, deviation: float) -> None:
    values = values.detach().flatten().sort().values / deviation
    expected = torch.linspace(0, 1, len(values) + 1)[1:] - 0.5 / len(values)
    assert (torch.special.ndtr(values) - expected).abs().max() < 2.5 / len(values) ** 0.5


def test_initial_weights_follow_the_published_distributions() -> None:
    cnn = network_of("cnn", {"channels": [32, 64], "hidden": [64]})
    for layer in cnn.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            for parameter in layer.parameters():
                uniform(parameter, layer.weight[0].numel() ** -0.5)
    resnet = network_of("resnet", {"widths": [16, 32], "blocks": [1, 1]})
    for layer in resnet.modules():
        if isinstance(layer, nn.Conv2d):
            normal(layer.weight, (2 / (layer.out_channels * layer.kernel_size[0] ** 2)) ** 0.5)
        elif isinstance(layer, nn.BatchNorm2d):
            assert (layer.weight == 1).all()
            assert (layer.bias == 0).all()
    normal(resnet.output.weight, 0.01)
    assert (resnet.output.bias == 0).all()


def test_initial_weights_of_the_vit_follow_the_published_distributions() -> None:
    vit = network_of("vit", {"width": 64, "mlp_ratio": 2})
    normal(vit.positions, 0.02)
    normal(vit.class_token, 0.02)
    normal(vit.embedding.weight, (2 / (64 * 4)) ** 0.5)
    for key, parameter in vit.named_parameters():
        if parameter.ndim == 2:
            uniform(parameter, (6 / sum(parameter.shape)) ** 0.5)
        elif key.endswith("bias"):
            assert (parameter == 0).all()
        elif parameter.ndim == 1:
            assert (parameter == 1).all()


@pytest.mark.parametrize(("row", "log10"), [(0, 3.74), (3, -0.264), (4, 0.614), (6, 8.74), (7, 12.0)])
def test_norms_at_the_start_are_those_of_the_published_code(row: int, log10: float) -> None:
    name, settings, shape, classes, _, _ = NINE[row]
    network = network_of(name, settings, shape, classes)
    matrices = [matrix for _, matrix in registry.load("models", name).weight_matrices(network)]
    norm = {"cnn": "spectral_complexity_tail", "resnet": "spectral_complexity_last", "vit": "spectral_complexity"}[name]
    found = float(registry.load("norms", norm).log_norm(matrices))
    assert found == pytest.approx(log10 * np.log(10), abs=0.25)  # four standard deviations between draws


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("cnn", {"channels": []}, r"channels: found \[\]; allowed: a list of one or more"),
        ("cnn", {"channels": [8, 0]}, r"channels: found \[8, 0\]; allowed: integers ≥ 1"),
        ("cnn", {"pool_after": [3]}, r"pool_after: found \[3\]; allowed: integers from 1 to 2"),
        ("cnn", {"channels": [2] * 4, "pool_after": [1, 2, 3, 4]}, r"leaves nothing of \(1, 8, 8\)"),
        ("cnn", {"dropout": 1.0}, "dropout: found 1.0; allowed: a number ≥ 0 and < 1"),
        ("resnet", {"widths": [0, 8]}, r"widths: found \[0, 8\]"),
        ("resnet", {"blocks": [2, 2, 2]}, r"widths \[16, 32\] and blocks \[2, 2, 2\]; allowed: one of each"),
        ("vit", {"width": 0}, "width: found 0; allowed: integers ≥ 1"),
        ("vit", {"heads": 5}, "heads: found 5; allowed: a divisor of the width 32"),
        ("vit", {"patch": 3}, "patch: found 3; allowed: a divisor of the 8×8 pixels"),
        ("vit", {"dropout": 0.1}, "found dropout; allowed: patch, width, depth, heads, mlp_ratio"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(name: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        network_of(name, settings)
    assert "\n" not in str(error.value)
