"""Multilayer perceptron without biases: with L weight matrices it is homogeneous, f(cθ) = c^L f(θ) for every c > 0."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from scaling.models import fill, mlp

OPTIONS = {"hidden": "layers"}
DEFAULTS: dict[str, Any] = {"hidden": [128, 128]}


def build(settings: Mapping[str, Any], input_shape: tuple[int, ...], classes: int) -> nn.Module:
    """A perceptron with ReLU between the layers of `settings["hidden"]`; an empty list gives a linear classifier."""
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs, outputs in pairwise([math.prod(input_shape), *mlp.hidden_widths(settings), classes]):
        layers += [nn.Linear(inputs, outputs, bias=False), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


def initialise(network: nn.Module, generator: np.random.Generator) -> None:
    """Draw weights uniformly from ±1/√(inputs of the layer), as those of the perceptron with biases."""
    for _, weight in weight_matrices(network):
        bound = weight.shape[1] ** -0.5
        fill(weight, generator.uniform(-bound, bound, tuple(weight.shape)))


def stacked_forward(parameters: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """Logits (networks, n, classes) of several perceptrons of equal shape for images (networks, n, C, H, W).

    `parameters` holds the weights by name in the order of the layers, those of all networks stacked.
    """
    *hidden, last = parameters.values()
    activity = x.flatten(2)
    for weight in hidden:
        activity = torch.bmm(activity, weight.mT).relu_()
    return torch.bmm(activity, last.mT)


def weight_matrices(network: nn.Module) -> list[tuple[str, Tensor]]:
    """The weight of each layer, from the input to the output: all parameters there are."""
    return list(network.named_parameters())


def width(settings: Mapping[str, Any]) -> int:
    """The width of the widest hidden layer; 0 without one."""
    return mlp.width(settings)


def widened(settings: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The settings with so many units in each hidden layer."""
    return mlp.widened(settings, width)
