"""A group of cells in training."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from scaling import registry
from scaling.datasets import Images
from scaling.randomness import generator
from scaling.training.augmentation import changes_images, draws
from scaling.training.backend import Batch
from scaling.training.backends import make_backend
from scaling.training.cells import Cell, Group, model_settings, steps_per_epoch
from scaling.training.measurements import measure
from scaling.training.networks import set_precision
from scaling.training.observables import Observer
from scaling.training.samples import Pool, samples_of

Row = dict[str, Any]

STRETCH = 64  # updates between two chances to save what is done


class Run:
    """The networks of a group, the number of updates they have had, and the rows measured on them so far.

    A network that has diverged is measured no more; the others of the group go on as they would without it.
    """

    def __init__(self, group: Group, images: Images, pool: Pool) -> None:
        self.group, self.protocol, self.device = group, group.protocol, pool.x.device
        set_precision(self.protocol.precision)
        self.samples = samples_of(group.cells, images, pool)
        self.backend = make_backend(group, self.samples)
        self.step = 0
        self.rows: list[Row] = []
        parameters = sum(parameter.numel() for parameter in next(self.backend.networks()).parameters())
        self._identities = {cell.seed: identity(group, cell, parameters) for cell in group.cells}
        self._observers = {
            cell.seed: Observer(cell, self.samples.of_cell(index))
            for index, cell in enumerate(group.cells)
            if self.protocol.observables
        }
        self.steps_per_epoch = steps_per_epoch(self.protocol, group.train_size)
        self._generators = [
            generator(cell.experiment, "batch_order", cell.seed, cell.train_size) for cell in group.cells
        ]
        self._begin_epoch(0)

    def advance(self, until: int) -> None:
        """Update all networks: until so many updates, the end of the epoch or that of a stretch."""
        epoch, first = divmod(self.step, self.steps_per_epoch)
        last = min(until - epoch * self.steps_per_epoch, first + STRETCH, self.steps_per_epoch)
        size = self.protocol.batch_size
        batches = [self._epoch.of(slice(size * number, size * (number + 1))) for number in range(first, last)]
        self.backend.train(batches, self.step)
        self.step += len(batches)
        if last == self.steps_per_epoch:
            self._begin_epoch(epoch + 1)

    def measure(self) -> None:
        """Measure all networks that have not diverged."""
        parts = {part: self.backend.logits(part, self._draws_to_measure(part)) for part in self.samples.rows}
        diverged = {row["seed"] for row in self.rows if row["diverged"]}
        for index, (cell, network) in enumerate(zip(self.group.cells, self.backend.networks(), strict=True)):
            logits = {part: next(of_cells) for part, of_cells in parts.items()}
            if cell.seed not in diverged:
                place = {"epoch": self.step // self.steps_per_epoch, "step": self.step}
                sample, observer = self.samples.of_cell(index), self._observers.get(cell.seed)
                row = measure(cell, network, sample, logits, observer)
                self.rows.append(self._identities[cell.seed] | place | row)

    def is_over(self) -> bool:
        """Whether more training can teach nothing.

        All networks have diverged or, where the protocol asks for an early stop, all are converged and were at their
        least validation loss and their least test loss before half of the updates made.
        """
        curves = [[row for row in self.rows if row["seed"] == cell.seed] for cell in self.group.cells]
        going = [rows for rows in curves if not rows[-1]["diverged"]]
        return not going or (self.protocol.early_stop and all(map(_has_learnt_all, going)))

    def state(self) -> dict[str, Any]:
        """All that is needed to go on from here."""
        return {"step": self.step, "rows": self.rows, "backend": self.backend.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go back to a saved state; only for a run that has not begun."""
        self.step, self.rows = state["step"], state["rows"]
        self.backend.restore(state["backend"])
        for epoch in range(self.step // self.steps_per_epoch):
            self._begin_epoch(epoch + 1)

    def _begin_epoch(self, epoch: int) -> None:
        """Draw the order of an epoch, which follows the one before, and what changes its images."""
        size = self.group.train_size
        order = np.stack([random.permutation(size) for random in self._generators])
        self._epoch = Batch(torch.from_numpy(order).to(self.device), self._draws("augmentation", epoch, size))

    def _draws_to_measure(self, part: str) -> Tensor | None:
        """None but where images are also changed when they are measured, as published codes do."""
        as_published = self.protocol.augmentation.get("as_published", False)
        return self._draws(f"measured_{part}", self.step, self.samples.rows[part].shape[1]) if as_published else None

    def _draws(self, purpose: str, moment: int, images: int) -> Tensor | None:
        if not changes_images(self.protocol.augmentation):
            return None
        return draws(self.group.cells, purpose, moment, images).to(self.device)


def identity(group: Group, cell: Cell, parameters: int) -> Row:
    """The columns that say which network, of so many trained parameters, a row is about."""
    protocol = cell.protocol
    return {
        "curve": f"{cell.experiment}/{group.name.rpartition('-')[0]}/seed={cell.seed}",
        "source": "training",
        "experiment": cell.experiment,
        "dataset": protocol.dataset,
        "model": protocol.architecture,
        "width": registry.load("models", protocol.architecture).width(model_settings(protocol)),
        "parameters": parameters,
        "learning_rate": protocol.optimizer["learning_rate"],
        "label_noise": protocol.label_noise,
        "init_factor": protocol.init_factor,
        "train_size": cell.train_size,
        "seed": cell.seed,
        "group": group.name,
    }


def _has_learnt_all(rows: Sequence[Row]) -> bool:
    least = [min(rows, key=itemgetter(loss))["step"] for loss in ("validation_loss", "test_loss")]
    return bool(rows[-1]["converged"]) and 2 * max(least) < rows[-1]["step"]
