"""What an experiment of the configuration trains, in the form that the training engine takes."""

from collections.abc import Mapping
from typing import Any

from scaling.described import settings_of
from scaling.training.protocol import Grid

CELLS = tuple(setting.name for setting in settings_of(Grid))
PACKING = ("sizes", "groups_per_job")


def protocol(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """How each cell of an experiment is trained: its configuration without what only chooses or packs cells."""
    experiment = config["training"][name]
    dataset = config["datasets"][experiment["dataset"]]
    settings = {key: value for key, value in experiment.items() if key not in CELLS + PACKING}
    return {**settings, "validation_size": dataset["validation_size"], "test_size": dataset["test_size"]}


def grid(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The protocol of an experiment with its train sizes, seeds and group size: what `cells.plan` takes."""
    cells = {key: config["training"][name][key] for key in CELLS}
    return protocol(config, name) | cells
