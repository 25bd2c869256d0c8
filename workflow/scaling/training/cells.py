"""What is trained: the cells of a grid, one network each, in groups of fixed composition. Needs no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

import numpy as np

SMALLEST = {"epochs": 1, "batch_size": 1, "validation_size": 1, "test_size": 1, "group_size": 1, "measurements": 3}


@dataclass(frozen=True)
class Protocol:
    """How each network of an experiment is built, trained and measured.

    `model` names the architecture and holds its settings; `optimizer` its name and learning rate. `init_factor`
    multiplies all weight matrices at the start. `standardise` shifts and scales the pixels of each channel by their
    mean and standard deviation over the training pool. `measurements` bounds the number of epochs that are recorded.
    """

    dataset: str
    model: Mapping[str, Any]
    epochs: int
    validation_size: int
    test_size: int
    loss: str = "cross_entropy"
    optimizer: Mapping[str, Any] = field(default_factory=lambda: {"name": "adam", "learning_rate": 1e-3})
    batch_size: int = 128
    measurements: int = 30
    norms: Sequence[str] = ("spectral_complexity", "frobenius", "spectral_product")
    init_factor: float = 1.0
    standardise: bool = True

    @property
    def architecture(self) -> str:
        """The name of the architecture."""
        return str(self.model.get("name"))

    @property
    def model_settings(self) -> dict[str, Any]:
        """What the architecture itself is told."""
        return {key: value for key, value in self.model.items() if key != "name"}


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


def plan(experiment: str, settings: Mapping[str, Any]) -> list[Group]:
    """The groups of an experiment: for each train size, its seeds in chunks of `group_size` (16 unless given).

    `settings` holds the fields of `Protocol`, `train_sizes` and `seeds`; the composition of the groups follows from
    it alone. Raises ValueError for an unknown or missing key and for values with which nothing can be trained.
    """
    _check_keys(experiment, settings)
    settings = {"group_size": 16} | dict(settings)
    protocol = Protocol(**{entry.name: settings[entry.name] for entry in fields(Protocol) if entry.name in settings})
    _check_values(experiment, settings | vars(protocol))
    size, seeds = settings["group_size"], settings["seeds"]
    return [
        Group(
            f"p{train_size:04d}-s{number:02d}",
            tuple(Cell(experiment, protocol, train_size, seed) for seed in seeds[size * number : size * (number + 1)]),
        )
        for train_size in settings["train_sizes"]
        for number in range(-(-len(seeds) // size))
    ]


def groups_of(experiment: str, protocol: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Groups written down as mappings of `name`, `train_size` and `seeds`, all trained by one protocol."""
    shared = Protocol(**protocol)
    return [
        Group(group["name"], tuple(Cell(experiment, shared, group["train_size"], seed) for seed in group["seeds"]))
        for group in groups
    ]


def measurement_epochs(epochs: int, count: int) -> list[int]:
    """Epoch 0, and at most `count` − 1 log-spaced epochs from 1 to `epochs`, each once."""
    return [0, *np.unique(np.geomspace(1, epochs, count - 1).round().astype(int)).tolist()]


def _check_keys(experiment: str, settings: Mapping[str, Any]) -> None:
    required = {entry.name: entry.default is MISSING and entry.default_factory is MISSING for entry in fields(Protocol)}
    required |= {"train_sizes": True, "seeds": True, "group_size": False}
    if unknown := sorted(settings.keys() - required.keys()):
        raise ValueError(f"{experiment}: found the unknown key {unknown[0]}; allowed: {', '.join(sorted(required))}")
    if missing := [key for key in required if required[key] and key not in settings]:
        raise ValueError(f"{experiment}: found no {missing[0]}; it must be given")


def _check_values(experiment: str, settings: Mapping[str, Any]) -> None:
    for key, smallest in (("train_sizes", 1), ("seeds", 0)):
        values = settings[key]
        if not values or len(set(values)) < len(values) or min(values) < smallest:
            allowed = f"one or more different integers ≥ {smallest}"
            raise ValueError(f"{experiment}: {key}: found {values}; allowed: {allowed}")
    for key, smallest in SMALLEST.items():
        if settings[key] < smallest:
            raise ValueError(f"{experiment}: {key}: found {settings[key]}; allowed: integers ≥ {smallest}")
    rate = settings["optimizer"].get("learning_rate", 0)
    for key, value in {"init_factor": settings["init_factor"], "optimizer: learning_rate": rate}.items():
        if not value > 0:
            raise ValueError(f"{experiment}: {key}: found {value}; allowed: numbers > 0")
