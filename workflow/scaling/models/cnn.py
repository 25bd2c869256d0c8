"""Convolutional network: 3×3 convolutions with ReLU and max-pooling, then fully connected layers."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from torch import Tensor, nn

from scaling.models import check_counts, check_settings, fill

OPTIONS = {"channels": "layers", "pool_after": "layers", "hidden": "layers", "dropout": "share"}
DEFAULTS: dict[str, Any] = {"channels": [16, 32], "pool_after": [2], "hidden": [64], "dropout": 0.0}


def build(settings: Mapping[str, Any], input_shape: tuple[int, ...], classes: int) -> nn.Module:
    """Convolutions with the numbers of `channels`, then layers of `hidden` units; for digits unless told otherwise.

    `pool_after` counts the convolutions, from 1, whose output is max-pooled over 2×2 pixels. `dropout` is the
    probability with which a hidden unit is dropped in training. With channels 32, 64, 128, pooling after the second
    convolution and 512 hidden units this is the network of D'Amico et al., arXiv 2505.13230, for MNIST and CIFAR-10;
    with channels 64, 128, 256, 512, pooling after the second and fourth, 1024 and 512 hidden units and dropout 0.1 it
    is theirs for CIFAR-100.
    """
    settings = checked(settings)
    size, *image = input_shape
    layers: list[nn.Module] = []
    for position, (inputs, outputs) in enumerate(pairwise([size, *settings["channels"]]), start=1):
        layers.append(nn.Conv2d(inputs, outputs, 3, padding=1))
        if position in settings["pool_after"]:  # before ReLU, with which it commutes, as there is less to rectify after
            layers.append(nn.MaxPool2d(2))
            image = [side // 2 for side in image]
        layers.append(nn.ReLU(inplace=True))
    if 0 in image:
        raise ValueError(f"model: pool_after: found {settings['pool_after']}, which leaves nothing of {input_shape}")
    layers.append(nn.Flatten())
    size = math.prod([*settings["channels"][-1:], *image])
    for inputs, outputs in pairwise([size, *settings["hidden"]]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
        if settings["dropout"] > 0:
            layers.append(nn.Dropout(settings["dropout"]))
        size = outputs
    return nn.Sequential(*layers, nn.Linear(size, classes))


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, completed. Raises ValueError for those that make no network."""
    check_settings(settings, OPTIONS)
    complete = DEFAULTS | dict(settings)
    check_counts(complete, ("channels", "pool_after", "hidden"))
    channels, pool_after, dropout = (complete[key] for key in ("channels", "pool_after", "dropout"))
    if not channels:
        raise ValueError(f"model: channels: found {channels}; allowed: a list of one or more integers ≥ 1")
    if max(pool_after, default=0) > len(channels):
        raise ValueError(f"model: pool_after: found {pool_after}; allowed: integers from 1 to {len(channels)}")
    if not 0 <= dropout < 1:
        raise ValueError(f"model: dropout: found {dropout}; allowed: a number ≥ 0 and < 1")
    return complete


def initialise(network: nn.Module, generator: np.random.Generator) -> None:
    """Draw weights and biases uniformly from ±1/√(inputs of the layer), the distribution that torch uses too."""
    for layer in network.children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            bound = layer.weight[0].numel() ** -0.5
            for parameter in layer.parameters():
                fill(parameter, generator.uniform(-bound, bound, tuple(parameter.shape)))


def weight_matrices(network: nn.Module) -> list[tuple[str, Tensor]]:
    """The weight of each layer, from the input to the output; a convolution as out × (in·3·3)."""
    return [(name, weight.flatten(1)) for name, weight in network.named_parameters() if weight.ndim > 1]


def width(settings: Mapping[str, Any]) -> int:
    """The number of channels of the first convolution."""
    return int(checked(settings)["channels"][0])


def widened(settings: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The settings with so many channels in the first convolution, all other layers in proportion."""
    settings = checked(settings)
    factor = width / settings["channels"][0]
    return {
        **settings,
        **{key: [max(1, round(factor * size)) for size in settings[key]] for key in ("channels", "hidden")},
    }
