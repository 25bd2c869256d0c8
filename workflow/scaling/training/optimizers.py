"""Optimisers, and the learning rates and initial scales of a parametrisation."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from scaling.models import Role
from scaling.training.cells import Protocol

KINDS: dict[str, Any] = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}

# Powers of the relative width ρ = width / base width that multiply the learning rate, by role. SGD changes a weight in
# proportion to its gradient, Adam by the learning rate itself.
POWERS: dict[tuple[str, str], dict[str, float]] = {
    ("ntk", "sgd"): {"hidden": -1, "output": -1},
    ("ntk", "adam"): {"hidden": -0.5, "output": -0.5},
    ("mup", "sgd"): {"input": 1, "output": -1, "vector": 1},
    ("mup", "adam"): {"hidden": -1, "output": -1},
}
MUP_OUTPUT_POWER = -0.5


def learning_rate_factor(protocol: Protocol, role: Role, width: int) -> float:
    """What multiplies the learning rate of a parameter.

    The factor that the protocol gives its role, times that of the parametrisation, which is 1 in the standard one. The
    neural tangent parametrisation (Jacot et al., arXiv 1806.07572) writes a weight as w/√fan_in and trains w; the
    maximal update parametrisation (Yang and Hu, arXiv 2011.14522; for Adam, Yang et al., arXiv 2203.03466, table 3)
    lets features move by the same amount at every width. Here both are rates and scales of ordinary weights, equal to
    the standard ones at the base width.
    """
    name, explicit = protocol.parametrisation["name"], protocol.optimizer.get("layer_rates", {}).get(role.kind, 1.0)
    if name == "standard":
        return float(explicit)
    family = "sgd" if protocol.optimizer["name"] == "sgd" else "adam"
    power = POWERS[name, family].get(role.kind, 0)
    return float(explicit * (width / protocol.parametrisation["base_width"]) ** power)


def initial_factor(protocol: Protocol, role: Role, width: int) -> float:
    """What multiplies an initial weight, besides `init_factor`: the last layer of mup starts smaller when wide."""
    if protocol.parametrisation["name"] == "mup" and role.kind == "output":
        return float((width / protocol.parametrisation["base_width"]) ** MUP_OUTPUT_POWER)
    return 1.0


def make_optimizer(
    settings: Mapping[str, Any], parameters: Mapping[str, Tensor], factors: Mapping[str, float]
) -> torch.optim.Optimizer:
    """One fused optimiser, which treats each entry of a tensor on its own, with a learning rate for each parameter.

    `settings` holds name, learning_rate, weight_decay (0; in the gradient for adam and sgd, apart from it and times
    the learning rate for adamw) and momentum (0, sgd only).
    """
    alike: dict[float, list[Tensor]] = {}
    for name, parameter in parameters.items():
        alike.setdefault(factors[name], []).append(parameter)
    rate = settings["learning_rate"]
    options: dict[str, Any] = {"weight_decay": settings.get("weight_decay", 0.0), "fused": True}
    if settings["name"] == "sgd":
        options["momentum"] = settings.get("momentum", 0.0)
    groups = [{"params": tensors, "lr": rate * factor} for factor, tensors in alike.items()]
    optimizer: torch.optim.Optimizer = KINDS[settings["name"]](groups, lr=rate, **options)
    return optimizer
