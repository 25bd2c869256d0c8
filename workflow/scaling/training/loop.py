"""The back end that trains the networks of a group one after the other."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from scaling.training.backend import EVALUATED_AT_ONCE, Backend, Batch, chunks
from scaling.training.cells import Cell
from scaling.training.losses import LOSSES
from scaling.training.networks import drops_units, initial_network, learning_rate_factors, rounded, seed_dropout
from scaling.training.optimizers import Optimizer
from scaling.training.samples import Samples


class Loop(Backend):
    """Plain modules on resident images, their convolutions with channels last; no cell depends on the others."""

    def __init__(self, cells: Sequence[Cell], samples: Samples) -> None:
        self.cells, self.samples, self.protocol = cells, samples, cells[0].protocol
        pool = samples.pool
        self.device = pool.x.device
        self.modules = [
            initial_network(cell, pool.input_shape, pool.classes).to(self.device).to(memory_format=torch.channels_last)
            for cell in cells
        ]
        factors = learning_rate_factors(self.protocol, self.modules[0])
        self.optimizers = [
            Optimizer(self.protocol.optimizer, dict(network.named_parameters()), factors) for network in self.modules
        ]

    def train(self, batches: Sequence[Batch], step: int) -> None:
        """Update every network once for each batch; `step` counts the updates before."""
        loss = LOSSES[self.protocol.loss]
        for index, (cell, network, optimizer) in enumerate(zip(self.cells, self.modules, self.optimizers, strict=True)):
            network.train()
            if drops_units(network):
                seed_dropout(cell, step)
            sample = self.samples.of_cell(index)
            for positions, uniform in batches:
                mine = slice(index, index + 1)
                x, y = sample.batch(positions[mine], None if uniform is None else uniform[mine])
                optimizer.zero_grad()
                with rounded(self.protocol.precision, self.device):
                    total = loss(network(x[0]), y[0])
                total.backward()
                optimizer.step()

    @torch.no_grad()
    def logits(self, part: str, uniform: Tensor | None) -> Iterator[Tensor]:
        """For each cell the logits (n, classes), in float64, of a part of its images."""
        for index, network in enumerate(self.modules):
            network.eval()
            sample = self.samples.of_cell(index)
            rows, mine = sample.rows[part], slice(index, index + 1)
            found = []
            for piece in chunks(rows.shape[1], EVALUATED_AT_ONCE[self.device.type]):
                x = sample.images(rows[:, piece], None if uniform is None else uniform[mine, piece])
                with rounded(self.protocol.precision, self.device):
                    found.append(network(x[0]).double())
            yield torch.cat(found)

    def networks(self) -> Iterator[nn.Module]:
        """The network of each cell."""
        return iter(self.modules)

    def state(self) -> dict[str, Any]:
        """All that training has changed."""
        return {
            "networks": [network.state_dict() for network in self.modules],
            "optimizers": [optimizer.state() for optimizer in self.optimizers],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a saved state."""
        for network, optimizer, weights, moments in zip(
            self.modules, self.optimizers, state["networks"], state["optimizers"], strict=True
        ):
            network.load_state_dict(weights)
            optimizer.restore(moments)
