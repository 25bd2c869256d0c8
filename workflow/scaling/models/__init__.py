"""What an architecture is: one file in this folder, named by the config, that builds a torch module.

An architecture defines

    build(settings, input_shape, classes) -> nn.Module      its weights are not drawn yet
    initialise(network, generator)                          draws every weight, in numpy, in a fixed order
    weight_matrices(network) -> list[tuple[str, Tensor]]    name and matrix (out × rest) of each weight, in the order
                                                            of the layers; views, unless memory is channels_last
    width(settings) -> int                                  the number that a study of the width varies
    widened(settings, width) -> dict                        the settings with that number, all layers in proportion

and, where it can or has such parameters,

    stacked_forward(parameters, x) -> Tensor    logits (networks, n, classes) of several networks at once, for images
                                                (networks, n, C, H, W) and stacked parameters by name; else vmap serves
    NO_MATRICES     the last parts of the names of parameters with two dimensions or more that are no weight matrices
    KEEP_SCALE      those of the names of weights that a factor on the initial weights leaves alone

where `settings` is the architecture's own part of the config and may be empty, and `input_shape` is (C, H, W).
`build` and `width` raise ValueError for settings that make no network. A network takes images (N, C, H, W) and
returns logits (N, classes). Biases and the parameters of normalisation are no weight matrices. A matrix bears the name
of its parameter; where one parameter holds several of equal size, one below the other, `:` and the part follow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

Kind = Literal["input", "hidden", "output", "vector", "output_vector"]


@dataclass(frozen=True)
class Role:
    """What a parameter does, for learning rates and initial scales that depend on the width.

    `kind` says where its layer lies. A "vector" is any parameter that is no weight matrix, such as a bias; that of the
    output layer, whose length does not grow with the width, is the "output_vector". `fan_in` is the number of inputs
    that each output sums over, and 1 for vectors.
    """

    kind: Kind
    fan_in: int


def roles(architecture: ModuleType, network: nn.Module) -> dict[str, Role]:
    """The role of each named parameter: the first weight matrix takes the input, the last gives the output."""
    matrices = {parameter_of(name): matrix for name, matrix in architecture.weight_matrices(network)}
    first, last = next(iter(matrices)), list(matrices)[-1]
    found = {}
    for name, _ in network.named_parameters():
        if name in matrices:
            kind: Kind = "output" if name == last else "input" if name == first else "hidden"
            found[name] = Role(kind, matrices[name].shape[1])
        else:
            beside_last = name.rpartition(".")[0] == last.rpartition(".")[0]
            found[name] = Role("output_vector" if beside_last else "vector", 1)
    return found


def scale_matrices(architecture: ModuleType, network: nn.Module, factor: float) -> None:
    """Multiply the weight matrices in place, but for those that the architecture keeps at their scale."""
    kept = tuple(getattr(architecture, "KEEP_SCALE", ()))
    with torch.no_grad():
        for name in {parameter_of(name): None for name, _ in architecture.weight_matrices(network)}:
            if not name.endswith(kept):
                network.get_parameter(name).mul_(factor)


def parameter_of(matrix_name: str) -> str:
    """The name of the parameter that holds a weight matrix."""
    return matrix_name.partition(":")[0]


def check_settings(settings: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Raise ValueError when the settings hold a key that the architecture does not know."""
    if unknown := sorted(settings.keys() - set(allowed)):
        raise ValueError(f"model: found {', '.join(unknown)}; allowed: {', '.join(allowed)}")


def check_counts(settings: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Raise ValueError when one of the settings, a number or a list of numbers, is below 1."""
    for key in keys:
        if np.min(settings[key], initial=1) < 1:
            raise ValueError(f"model: {key}: found {settings[key]}; allowed: integers ≥ 1")


def fill(parameter: Tensor, values: np.ndarray) -> None:
    """Copy numbers drawn in numpy into a parameter of any type and device."""
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(values))
