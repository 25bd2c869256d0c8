"""Print what the experiments of a size cost: networks, operations, expected hours, disk.

Operations count each multiplication and each addition, three times the forward pass for an update. Hours are for one
core of a processor and for one GPU, at the shares of their peaks below; they are expected, not measured.
"""

import math
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.utils.flop_counter import FlopCounterMode

from scaling import registry
from scaling.commands import _experiments
from scaling.config.experiments import grid
from scaling.training.backends import STACKED_UP_TO
from scaling.training.cells import measurement_steps, model_settings, plan
from scaling.training.protocol import Protocol

# One core: operations a second of a matrix product, the share of it that small networks reach (measured, batches of 64:
# .16 to .18 on one channel, .24 transformers, .34 to .45 on three channels), seconds an update.
CORE_PEAK, CORE_SHARE, CORE_UPDATE = 1.5e11, 0.3, 3e-4
# One H200: of a bf16 product, the share that convolutional networks are planned with, seconds to launch an update.
GPU_PEAK, GPU_SHARE, GPU_UPDATE = 7.9e14, 0.12, 2e-3
ROW_BYTES, WEIGHT_BYTES = 120, 12  # of a row in Parquet; of a weight in a checkpoint with both moments of Adam
TITLES = ("networks", "PFLOP", "core hours", "GPU hours", "rows MB", "state MB")
CLASSES = {"cifar100": 100, "cifar100_subset": 100}  # all other known sets have ten; only the last layer depends on it


class Cost(NamedTuple):
    """What an experiment costs."""

    networks: float
    operations: float
    core_hours: float
    gpu_hours: float
    rows_megabytes: float
    checkpoint_megabytes: float


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    _experiments.add_arguments(parser)


def run(options: Namespace) -> int:
    """Print a table, one line for each experiment and one for all of them."""
    config = _experiments.configuration(options)
    costs = {name: cost(config, name) for name in config["training"]}
    print(f"{'experiment':24}" + "".join(f"{title:>12}" for title in TITLES))
    for name, found in costs.items():
        print(line(name, found))
    columns = list(zip(*costs.values(), strict=True))
    print(line("all", Cost._make([*map(math.fsum, columns[:-1]), max(columns[-1])])))
    print(
        f"one core at {CORE_SHARE:.0%} of {CORE_PEAK / 1e9:.0f} GFLOP/s, one GPU at {GPU_SHARE:.0%} of "
        f"{GPU_PEAK / 1e12:.0f} TFLOP/s; state: the checkpoint of the largest group"
    )
    return 0


def cost(config: Mapping[str, Any], name: str) -> Cost:
    """The cost of one experiment."""
    groups = plan(name, grid(config, name))
    dataset = config["datasets"][groups[0].protocol.dataset]
    images = image_shape(dataset["source"], config["data"]["folder"])
    stacked_up_to = STACKED_UP_TO.get((groups[0].protocol.architecture, "cuda"), 0)
    networks = operations = updates = launches = rows = state = 0.0
    for group in groups:
        forward, weights = network_size(group.protocol, *images)
        steps = measurement_steps(group.protocol, group.train_size)
        cells, batch = len(group.cells), min(group.protocol.batch_size, group.train_size)
        evaluated = len(steps) * (group.train_size + dataset["validation_size"] + dataset["test_size"])
        operations += cells * forward * (3 * steps[-1] * batch + evaluated)
        networks, updates, rows = networks + cells, updates + cells * steps[-1], rows + cells * len(steps)
        launches += steps[-1] * (1 if weights <= stacked_up_to else cells)
        state = max(state, cells * weights * WEIGHT_BYTES / 1e6)
    return Cost(
        networks=networks,
        operations=operations,
        core_hours=max(operations / (CORE_PEAK * CORE_SHARE), updates * CORE_UPDATE) / 3600,
        gpu_hours=max(operations / (GPU_PEAK * GPU_SHARE), launches * GPU_UPDATE) / 3600,
        rows_megabytes=rows * ROW_BYTES / 1e6,
        checkpoint_megabytes=state,
    )


def image_shape(source: Mapping[str, Any], folder: str) -> tuple[tuple[int, int, int], int]:
    """(C, H, W) of a data set's images and its number of classes; a set with an origin is not read for that.

    Raises ValueError when a user's own images are not there.
    """
    module = registry.load("datasets", source["name"])
    if hasattr(module, "ORIGIN"):
        shape, classes = module.ORIGIN.shape, CLASSES.get(source["name"], 10)
    else:
        place = folder or os.environ.get("SCALING_DATA")
        images = module.load(source, Path(place).expanduser() if place else None)
        shape, classes = images.x.shape[1:], images.classes
    height, width, *channels = shape
    return ((*channels, 1)[0], height, width), classes


def network_size(protocol: Protocol, shape: tuple[int, int, int], classes: int) -> tuple[int, int]:
    """Operations of the forward pass of one image, and the number of parameters; nothing is computed for it."""
    channels, height, width = shape
    side = protocol.pooling
    with torch.device("meta"):
        architecture = registry.load("models", protocol.architecture)
        network = architecture.build(model_settings(protocol), (channels, height // side, width // side), classes)
        images = torch.empty(2, channels, height // side, width // side)
    with FlopCounterMode(display=False) as counter:
        network(images)
    return counter.get_total_flops() // 2, sum(parameter.numel() for parameter in network.parameters())


def line(name: str, found: Cost) -> str:
    """One line of the table."""
    return (
        f"{name:24}{found.networks:12,.0f}{found.operations / 1e15:12,.3f}{found.core_hours:12,.2f}"
        f"{found.gpu_hours:12,.2f}{found.rows_megabytes:12,.1f}{found.checkpoint_megabytes:12,.1f}"
    )
