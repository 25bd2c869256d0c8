"""What an experiment of the configuration trains, in the form that the training engine takes."""

from collections.abc import Mapping
from typing import Any

CELLS = ("train_sizes", "seeds", "group_size", "vary")
PACKING = ("sizes", "groups_per_job")


def protocol(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """How each cell of an experiment is trained: its configuration without what only chooses or packs cells."""
    experiment = config["training"][name]
    dataset = config["datasets"][experiment["dataset"]]
    settings = {key: value for key, value in experiment.items() if key not in CELLS + PACKING}
    for key in ("optimizer", "parametrisation"):
        settings[key] = {option: value for option, value in settings[key].items() if value is not None}
    return {**settings, "validation_size": dataset["validation_size"], "test_size": dataset["test_size"]}


def grid(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The protocol of an experiment with its train sizes, seeds and group size: what `cells.plan` takes."""
    cells = {key: config["training"][name][key] for key in CELLS}
    cells["vary"] = {axis: values for axis, values in cells["vary"].items() if values is not None}
    return protocol(config, name) | cells
