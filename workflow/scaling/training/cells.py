"""What is trained: the cells of a grid, one network each, in groups of fixed composition. Needs no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

import numpy as np

from scaling import registry
from scaling.described import read
from scaling.kinds import WrongValueError
from scaling.training.protocol import Experiment, Protocol

LETTERS = {"width": "w", "learning_rate": "r", "label_noise": "n", "init_factor": "i"}  # of what varies, in group names
TOLD_APART_BY = ["width", "learning_rate", "label_noise", "init_factor", "train_size", "seed", "step"]  # measurements


@dataclass(frozen=True)
class Cell:
    """One network to train; all its random draws follow from what stands here."""

    experiment: str
    protocol: Protocol
    train_size: int
    seed: int


@dataclass(frozen=True)
class Group:
    """Cells that differ in their seeds only and are trained together."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def protocol(self) -> Protocol:
        """How its cells are trained."""
        return self.cells[0].protocol

    @property
    def train_size(self) -> int:
        """Training images of each cell."""
        return self.cells[0].train_size


def plan(experiment: str, settings: Mapping[str, Any]) -> list[Group]:
    """The groups of an experiment: for each variant and train size, its seeds in chunks of `group_size`.

    `settings` are those of `protocol.Experiment`; a variant is a combination of the values in `vary`. The composition
    of the groups follows from it alone. Raises ValueError, one line, for settings that nothing can be trained with.
    """
    try:
        asked = read(Experiment, settings)
    except WrongValueError as error:
        raise ValueError(f"{experiment}: {error}") from None
    protocol = Protocol(**{entry.name: getattr(asked, entry.name) for entry in fields(Protocol)})
    size, seeds = asked.group_size, asked.seeds
    return [
        Group(
            f"{_prefix(variant)}p{train_size:04d}-s{number:02d}",
            tuple(Cell(experiment, varied, train_size, seed) for seed in seeds[size * number : size * (number + 1)]),
        )
        for variant in variants(asked.vary)
        for varied in [varied_protocol(protocol, variant)]
        for train_size in asked.train_sizes
        for number in range(-(-len(seeds) // size))
    ]


def variants(vary: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """Every combination of the values of the varied axes; one without any where nothing varies."""
    return [dict(zip(vary, choice, strict=True)) for choice in product(*vary.values())]


def varied_protocol(protocol: Protocol, variant: Mapping[str, Any]) -> Protocol:
    """The protocol of one variant."""
    changed = {axis: value for axis, value in variant.items() if axis != "learning_rate"}
    if "learning_rate" in variant:
        changed["optimizer"] = {**protocol.optimizer, "learning_rate": variant["learning_rate"]}
    return replace(protocol, **changed)


def model_settings(protocol: Protocol) -> dict[str, Any]:
    """What the architecture of a protocol is told."""
    settings = {key: value for key, value in protocol.model.items() if key != "name"}
    if protocol.width is None:
        return settings
    return dict(registry.load("models", protocol.architecture).widened(settings, protocol.width))


def variant_of(protocol: Protocol) -> dict[str, Any]:
    """The values of all axes, as `groups_of` takes them."""
    return {axis: protocol.optimizer[axis] if axis == "learning_rate" else getattr(protocol, axis) for axis in LETTERS}


def as_written(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Groups as mappings of `name`, `variant`, `train_size` and `seeds`: what `groups_of` reads."""
    return [
        {
            "name": group.name,
            "variant": variant_of(group.protocol),
            "train_size": group.train_size,
            "seeds": [cell.seed for cell in group.cells],
        }
        for group in groups
    ]


def groups_of(experiment: str, protocol: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Groups from their mappings, with the protocol that they share but for their variants, which may be left out."""
    shared, found = Protocol(**protocol), []
    for group in groups:
        varied = varied_protocol(shared, group.get("variant", {}))
        cells = tuple(Cell(experiment, varied, group["train_size"], seed) for seed in group["seeds"])
        found.append(Group(group["name"], cells))
    return found


def plugins(protocol: Protocol) -> list[str]:
    """The modules that a protocol names: they count for a fingerprint of the code, as what is imported does."""
    norms = [registry.module_name("norms", name) for name in protocol.norms]
    return [registry.module_name("models", protocol.architecture), *norms]


def steps_per_epoch(protocol: Protocol, train_size: int) -> int:
    """Updates in a pass over the training set; the last batch may be smaller."""
    return -(-train_size // protocol.batch_size)


def measurement_steps(protocol: Protocol, train_size: int) -> list[int]:
    """The numbers of updates after which a network is measured: first 0, and the last ends its training."""
    if protocol.epochs is None:
        return log_spaced(protocol.steps or 0, protocol.measurements)
    one = steps_per_epoch(protocol, train_size)
    epochs = max(protocol.epochs, -(-(protocol.steps or 0) // one))
    return [one * epoch for epoch in log_spaced(epochs, protocol.measurements)]


def log_spaced(last: int, count: int) -> list[int]:
    """0, and at most `count` − 1 log-spaced integers from 1 to `last`, each once."""
    return [0, *np.unique(np.geomspace(1, last, count - 1).round().astype(int)).tolist()]


def _prefix(variant: Mapping[str, float]) -> str:
    """The beginning of the names of a variant's groups, such as `w0064-r0.01-`."""
    return "".join(
        f"{LETTERS[axis]}{value:04d}-" if axis == "width" else f"{LETTERS[axis]}{value:g}-"
        for axis, value in variant.items()
    )
