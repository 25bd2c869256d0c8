"""Optimisers, and the learning rates and initial scales of a parametrisation."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor

from scaling.models import Role
from scaling.training.held_norm import HeldNorm
from scaling.training.protocol import Protocol

ADAM: dict[str, Any] = {"amsgrad": False, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "maximize": False}
SGD: dict[str, Any] = {"dampening": 0.0, "nesterov": False, "maximize": False, "is_first_step": False}

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

    The factor that the protocol gives its role, times that of the parametrisation, which is 1 in the standard one, and
    times `init_factor` where the norm of the weights is held, so that Adam turns them alike at every norm. The
    neural tangent parametrisation (Jacot et al., arXiv 1806.07572) writes a weight as w/√fan_in and trains w; the
    maximal update parametrisation (Yang and Hu, arXiv 2011.14522; for Adam, Yang et al., arXiv 2203.03466, table 3)
    lets features move by the same amount at every width. Here both are rates and scales of ordinary weights, equal to
    the standard ones at the base width.
    """
    name, explicit = protocol.parametrisation["name"], protocol.optimizer.get("layer_rates", {}).get(role.kind, 1.0)
    if protocol.optimizer.get("held_norm"):
        explicit *= protocol.init_factor
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


class Optimizer:
    """The fused updates of `torch.optim`, on tensors of which each entry is treated on its own.

    Their kernels are called as they are: the classes around them import PyTorch's compiler, which takes longer than
    many small networks take to train, and their functions sort the tensors and count the updates of each at every step.

    `settings` holds name, learning_rate, weight_decay (0; in the gradient for adam and sgd, apart from it and times
    the learning rate for adamw), momentum (0, sgd only) and held_norm (false); the learning rate of a parameter is
    multiplied by its factor. `stacked` parameters are those of several networks, one in each entry of the first
    dimension, and each has a norm of its own that is held.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        parameters: Mapping[str, Tensor],
        factors: Mapping[str, float],
        stacked: bool = False,
    ) -> None:
        self.settings, alike = settings, dict[float, list[Tensor]]()
        for name, parameter in parameters.items():
            alike.setdefault(factors[name], []).append(parameter)
        self.groups = [
            (settings["learning_rate"] * factor, tensors, self._moments(tensors)) for factor, tensors in alike.items()
        ]
        self.held: HeldNorm | None = None
        if settings.get("held_norm"):
            tensors = [parameter.detach() for parameter in parameters.values()]
            self.held = HeldNorm(tensors if stacked else [tensor[None] for tensor in tensors])

    def _moments(self, tensors: list[Tensor]) -> list[list[Tensor]]:
        """What the updates remember of each tensor, and for adam, which has two means of the gradient, their number."""
        if self.settings["name"] == "sgd":
            return [[torch.zeros_like(tensor) for tensor in tensors]] if self.settings.get("momentum") else [[]]
        means = [[torch.zeros_like(tensor) for tensor in tensors] for _ in range(2)]
        return [*means, [torch.zeros((), device=tensors[0].device)]]

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for _, tensors, _ in self.groups:
            for tensor in tensors:
                tensor.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Update all parameters by their gradients."""
        name, decay = self.settings["name"], self.settings.get("weight_decay", 0.0)
        for rate, tensors, moments in self.groups:
            gradients: Any = [tensor.grad for tensor in tensors]
            if name == "sgd":
                momentum = self.settings.get("momentum", 0.0)
                torch._fused_sgd_(tensors, gradients, *moments, lr=rate, momentum=momentum, weight_decay=decay, **SGD)
            else:
                first, second, (updates,) = moments
                updates.add_(1)
                counts = [updates] * len(tensors)
                update = torch._fused_adamw_ if name == "adamw" else torch._fused_adam_
                update(tensors, gradients, first, second, [], counts, lr=rate, weight_decay=decay, **ADAM)
        if self.held is not None:
            self.held.restore()

    def state(self) -> list[list[list[Tensor]]]:
        """What it remembers."""
        return [moments for _, _, moments in self.groups]

    def restore(self, state: list[list[list[Tensor]]]) -> None:
        """Go back to a saved state."""
        self.groups = [
            (rate, tensors, deepcopy(moments)) for (rate, tensors, _), moments in zip(self.groups, state, strict=True)
        ]
