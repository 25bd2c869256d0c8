"""The back end that trains the networks of a group as one program on stacked parameters."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from scaling import registry
from scaling.training.backend import EVALUATED_AT_ONCE, Backend, Batch, chunks
from scaling.training.cells import Cell
from scaling.training.losses import STACKED
from scaling.training.networks import initial_network, learning_rate_factors, rounded
from scaling.training.optimizers import Optimizer
from scaling.training.samples import Samples


class Batched(Backend):
    """All networks at once, by the stacked forward pass of the architecture or, where it has none, by vmap.

    The loss is the sum over cells of the mean over the batch, so that one backward pass gives each network its own
    gradient, and a fused optimiser over stacked tensors is one optimiser for each of them. Networks
    that drop units cannot be trained so: what is dropped would depend on the other cells.
    """

    def __init__(self, cells: Sequence[Cell], samples: Samples) -> None:
        self.samples, self.protocol, pool = samples, cells[0].protocol, samples.pool
        self.device = pool.x.device
        networks = [initial_network(cell, pool.input_shape, pool.classes) for cell in cells]
        self.module = networks[0].to(self.device)
        architecture = registry.load("models", self.protocol.architecture)
        self.stacked_forward = getattr(architecture, "stacked_forward", None)
        stacks = {
            name: torch.stack([network.state_dict()[name] for network in networks]).to(self.device)
            for name in networks[0].state_dict()
        }
        names = [name for name, _ in self.module.named_parameters()]
        self.leaves = {name: _as_leaf(stacks.pop(name)) for name in names}
        self.buffers = stacks
        factors = learning_rate_factors(self.protocol, self.module)
        self.optimizer = Optimizer(self.protocol.optimizer, self.leaves, factors, stacked=True)

    @property
    def parameters(self) -> dict[str, Tensor]:
        """By name and in the order of the layers, those of all networks stacked."""
        return {name: _of_leaf(leaf) for name, leaf in self.leaves.items()}

    def forward(self, x: Tensor) -> Tensor:
        """Logits (cells, n, classes) of images (cells, n, C, H, W)."""
        with rounded(self.protocol.precision, self.device):
            if self.stacked_forward is not None:
                return self.stacked_forward(self.parameters, x)
            return vmap(self._one)(self.parameters, self.buffers, x)

    def _one(self, parameters: dict[str, Tensor], buffers: dict[str, Tensor], x: Tensor) -> Any:
        return functional_call(self.module, (parameters, buffers), (x,))

    def train(self, batches: Sequence[Batch], step: int) -> None:
        """Update every network once for each batch; `step` counts the updates before."""
        self.module.train()
        loss = STACKED[self.protocol.loss]
        for batch in batches:
            x, y = self.samples.batch(*batch)
            self.optimizer.zero_grad()
            loss(self.forward(x), y).backward()
            self.optimizer.step()

    @torch.no_grad()
    def logits(self, part: str, uniform: Tensor | None) -> Iterator[Tensor]:
        """For each cell the logits (n, classes), in float64, of a part of its images."""
        self.module.eval()
        rows = self.samples.rows[part]
        found = [
            self.forward(self.samples.images(rows[:, piece], None if uniform is None else uniform[:, piece])).double()
            for piece in chunks(rows.shape[1], EVALUATED_AT_ONCE[self.device.type])
        ]
        return iter(torch.cat(found, 1))

    def networks(self) -> Iterator[nn.Module]:
        """The one module, with the weights of each cell in turn."""
        stacks = self.parameters | self.buffers
        for index in range(len(self.samples.mean)):
            self.module.load_state_dict({name: stack[index] for name, stack in stacks.items()})
            yield self.module

    def state(self) -> dict[str, Any]:
        """All that training has changed."""
        return {"stacks": self.leaves | self.buffers, "optimizer": self.optimizer.state()}

    @torch.no_grad()
    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a saved state."""
        for name, stack in (self.leaves | self.buffers).items():
            stack.copy_(state["stacks"][name])
        self.optimizer.restore(state["optimizer"])


def _as_leaf(stack: Tensor) -> Tensor:
    """What is trained: matrices lie transposed, as products of stacks give their gradients, and nothing is copied."""
    return (stack.mT.contiguous() if stack.ndim == 3 else stack).requires_grad_()


def _of_leaf(leaf: Tensor) -> Tensor:
    return leaf.mT if leaf.ndim == 3 else leaf
