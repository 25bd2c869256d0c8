"""Networks before training, and how exactly they compute."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import nn

from scaling import registry
from scaling.models import roles, scale_matrices
from scaling.randomness import derived_seed, generator
from scaling.training.cells import Cell, model_settings
from scaling.training.optimizers import initial_factor, learning_rate_factor
from scaling.training.protocol import Protocol


def initial_network(cell: Cell, input_shape: tuple[int, int, int], classes: int) -> nn.Module:
    """The network of a cell before training; its weights depend on the experiment and the seed alone."""
    protocol = cell.protocol
    architecture = registry.load("models", protocol.architecture)
    network: nn.Module = architecture.build(model_settings(protocol), input_shape, classes)
    architecture.initialise(network, generator(cell.experiment, "initial_weights", cell.seed))
    scale_matrices(architecture, network, protocol.init_factor)
    width = architecture.width(model_settings(protocol))
    parameters = dict(network.named_parameters())
    with torch.no_grad():
        for name, role in roles(architecture, network).items():
            parameters[name].mul_(initial_factor(protocol, role, width))
    return network.double() if protocol.precision == "float64" else network


def learning_rate_factors(protocol: Protocol, network: nn.Module) -> Mapping[str, float]:
    """What multiplies the learning rate of each named parameter."""
    architecture = registry.load("models", protocol.architecture)
    width = architecture.width(model_settings(protocol))
    return {name: learning_rate_factor(protocol, role, width) for name, role in roles(architecture, network).items()}


def drops_units(network: nn.Module) -> bool:
    """Whether units are dropped at random in training."""
    return any(isinstance(layer, nn.Dropout) and layer.p > 0 for layer in network.modules())


def seed_dropout(cell: Cell, step: int) -> None:
    """Let what is dropped follow from the cell and the number of updates so far."""
    torch.manual_seed(derived_seed(cell.experiment, "dropout", cell.seed, cell.train_size, step) % 2**63)


def set_precision(precision: str) -> None:
    """Let a GPU round the factors of float32 products for tf32, and never otherwise."""
    rounding = "tf32" if precision == "tf32" else "ieee"
    torch.backends.cuda.matmul.fp32_precision = rounding
    torch.backends.cudnn.conv.fp32_precision = rounding  # type: ignore[attr-defined]


def rounded(precision: str, device: torch.device) -> AbstractContextManager[Any]:
    """A context in which networks compute; for bfloat16 it rounds the factors of products, not the weights."""
    if precision in ("bfloat16", "bfloat16_emulated"):
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
