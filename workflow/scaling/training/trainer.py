"""Train the networks of a grid and measure them on the way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from scaling import registry
from scaling.datasets import Images
from scaling.randomness import generator
from scaling.training.cells import Cell, Group, measurement_epochs
from scaling.training.samples import Sample, input_shape, samples_of, split_of

LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"cross_entropy": functional.cross_entropy}
OPTIMIZERS = {"adam": torch.optim.Adam}
CONVERGED_LOSS = 1e-3


def train_groups(groups: Iterable[Group], images: Images) -> pd.DataFrame:
    """Train all cells of the groups; one row per cell and measured epoch, sorted by train size, seed and epoch.

    Raises ValueError before anything is trained when a cell cannot be: an unknown name, settings that make no
    network, a train size beyond the data.
    """
    groups = list(groups)
    for group in groups:
        check(group.cells, images)
    frame = pd.concat([train_group(group, images) for group in groups])
    return frame.sort_values(["train_size", "seed", "epoch"], ignore_index=True)


def train_group(group: Group, images: Images) -> pd.DataFrame:
    """Train the cells of one group on one thread; the rows of a cell do not depend on the other cells.

    Errors are fractions, losses means in nats, logarithms natural; step counts the updates made so far. `converged`
    means that no training image is mistaken and the training loss is below 1e-3. A cell in which a loss, weight or
    norm is no longer finite ends with a row that is marked `diverged` and holds NaN for all that is measured.
    """
    torch.set_num_threads(1)
    return pd.DataFrame([identity(group, cell) | row for cell in group.cells for row in train_cell(cell, images)])


def check(cells: Iterable[Cell], images: Images) -> None:
    """Raise ValueError, one line, when one of the cells cannot be trained on the images."""
    for cell in cells:
        protocol = cell.protocol
        for kind, name, known in (
            ("loss", protocol.loss, list(LOSSES)),
            ("optimizer", protocol.optimizer.get("name"), list(OPTIMIZERS)),
            *(("norms", name, registry.names("norms")) for name in protocol.norms),
        ):
            if name not in known:
                raise ValueError(f"{cell.experiment}: {kind}: found {name!r}; allowed: {', '.join(known)}")
        initial_network(cell, images)
        largest = len(split_of(cell, images).train)
        if cell.train_size > largest:
            found = f"found {cell.train_size}; allowed: at most the {largest:,} images of the training pool"
            raise ValueError(f"{cell.experiment}: train_sizes: {found}")


def identity(group: Group, cell: Cell) -> dict[str, str | int]:
    """The columns that say which network a row is about."""
    protocol = cell.protocol
    return {
        "curve": f"{cell.experiment}/p={cell.train_size}/seed={cell.seed}",
        "source": "training",
        "experiment": cell.experiment,
        "dataset": protocol.dataset,
        "model": protocol.architecture,
        "width": registry.load("models", protocol.architecture).width(protocol.model_settings),
        "train_size": cell.train_size,
        "seed": cell.seed,
        "group": group.name,
    }


def train_cell(cell: Cell, images: Images) -> Iterator[dict[str, Any]]:
    """Train one network, and yield its measurements at epoch 0 and on, until it diverges."""
    protocol = cell.protocol
    samples = samples_of(cell, images)
    network = initial_network(cell, images)
    optimizer = OPTIMIZERS[protocol.optimizer["name"]](
        network.parameters(), lr=protocol.optimizer["learning_rate"], fused=True
    )
    batch_order = generator(cell.experiment, "batch_order", cell.seed, cell.train_size)
    measured = measurement_epochs(protocol.epochs, protocol.measurements)
    steps_per_epoch = -(-cell.train_size // protocol.batch_size)
    for epoch in range(protocol.epochs + 1):
        if epoch > 0:
            order = batch_order.permutation(cell.train_size)
            train_epoch(network, optimizer, samples["train"], order, protocol.batch_size, LOSSES[protocol.loss])
        if epoch in measured:
            row = measure(cell, network, samples)
            yield {"epoch": epoch, "step": epoch * steps_per_epoch} | row
            if row["diverged"]:
                return


def initial_network(cell: Cell, images: Images) -> nn.Module:
    """The network of a cell before training; its weights depend on the experiment and the seed alone."""
    architecture = registry.load("models", cell.protocol.architecture)
    network = architecture.build(cell.protocol.model_settings, input_shape(images), images.classes)
    architecture.initialise(network, generator(cell.experiment, "initial_weights", cell.seed))
    with torch.no_grad():
        for _, matrix in architecture.weight_matrices(network):
            matrix *= cell.protocol.init_factor
    return network


def train_epoch(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    sample: Sample,
    order: NDArray[np.int64],
    batch_size: int,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> None:
    """One update per batch of the sample in the given order; the last batch may be smaller."""
    network.train()
    rows = torch.from_numpy(order)
    for x, y in zip(sample.x[rows].split(batch_size), sample.y[rows].split(batch_size), strict=True):
        optimizer.zero_grad()
        loss(network(x), y).backward()
        optimizer.step()


@torch.no_grad()
def measure(cell: Cell, network: nn.Module, samples: Mapping[str, Sample]) -> dict[str, float | bool]:
    """Loss and error on each part, the log norms of the weight matrices, and the two marks."""
    network.eval()
    losses, errors = {}, {}
    for part, sample in samples.items():
        logits = network(sample.x).double()
        losses[f"{part}_loss"] = LOSSES[cell.protocol.loss](logits, sample.y).item()
        errors[f"{part}_error"] = (logits.argmax(1) != sample.y).sum().item() / len(sample.y)
    row = losses | errors | log_norms(cell, network)
    diverged = not (has_finite_weights(network) and np.isfinite(list(row.values())).all())
    if diverged:
        row = dict.fromkeys(row, np.nan)
    converged = row["train_error"] == 0 and row["train_loss"] < CONVERGED_LOSS
    return row | {"converged": converged, "diverged": diverged}


def log_norms(cell: Cell, network: nn.Module) -> dict[str, float]:
    """The norms of the protocol by column name; NaN when a weight is not finite."""
    matrices = [matrix for _, matrix in registry.load("models", cell.protocol.architecture).weight_matrices(network)]
    finite = has_finite_weights(network)
    return {
        f"log_norm_{name}": registry.load("norms", name).log_norm(matrices).item() if finite else np.nan
        for name in cell.protocol.norms
    }


def has_finite_weights(network: nn.Module) -> bool:
    """Whether no parameter is infinite or NaN."""
    return all(bool(parameter.isfinite().all()) for parameter in network.parameters())
