"""Multilayer perceptron: fully connected layers with ReLU between them, of any depth and width."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from scaling.models import check_settings, fill

OPTIONS = {"hidden": "layers"}
DEFAULTS: dict[str, Any] = {"hidden": [128, 128]}


def build(settings: Mapping[str, Any], input_shape: tuple[int, ...], classes: int) -> nn.Module:
    """A perceptron with the hidden layers of `settings["hidden"]`; an empty list gives a linear classifier."""
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs, outputs in pairwise([math.prod(input_shape), *hidden_widths(settings), classes]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


def hidden_widths(settings: Mapping[str, Any]) -> list[int]:
    """The widths of the hidden layers, 128 and 128 unless given. Raises ValueError for a width below 1."""
    check_settings(settings, OPTIONS)
    widths = list((DEFAULTS | dict(settings))["hidden"])
    if any(width < 1 for width in widths):
        raise ValueError(f"model: hidden: found {widths}; allowed: a list of integers ≥ 1")
    return widths


def initialise(network: nn.Module, generator: np.random.Generator) -> None:
    """Draw weights and biases uniformly from ±1/√(inputs of the layer), the distribution that torch uses too."""
    for layer in network.children():
        if isinstance(layer, nn.Linear):
            bound = layer.in_features**-0.5
            for parameter in (layer.weight, layer.bias):
                fill(parameter, generator.uniform(-bound, bound, tuple(parameter.shape)))


def stacked_forward(parameters: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """Logits (networks, n, classes) of several perceptrons of equal shape for images (networks, n, C, H, W).

    `parameters` holds weights and biases by name in the order of the layers, those of all networks stacked.
    """
    tensors = list(parameters.values())
    activity = x.flatten(2)
    for weight, bias in zip(tensors[:-2:2], tensors[1:-2:2], strict=True):
        activity = torch.baddbmm(bias[:, None], activity, weight.mT).relu_()
    return torch.baddbmm(tensors[-1][:, None], activity, tensors[-2].mT)


def weight_matrices(network: nn.Module) -> list[tuple[str, Tensor]]:
    """The weight of each layer, from the input to the output."""
    return [(name, parameter) for name, parameter in network.named_parameters() if name.endswith("weight")]


def width(settings: Mapping[str, Any]) -> int:
    """The width of the widest hidden layer; 0 without one."""
    return max(hidden_widths(settings), default=0)


def widened(settings: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The settings with so many units in each hidden layer."""
    return {**settings, "hidden": [width] * len(hidden_widths(settings))}
