"""What is measured on a network during training."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from scaling import registry
from scaling.norms import Matrix
from scaling.norms._convolution import operators
from scaling.training.cells import Cell
from scaling.training.losses import LOSSES
from scaling.training.networks import initial_network
from scaling.training.observables import Observer
from scaling.training.samples import Samples

CONVERGED_LOSS = 1e-3


@torch.no_grad()
def measure(
    cell: Cell, network: nn.Module, samples: Samples, logits: Mapping[str, Tensor], observer: Observer | None
) -> dict[str, float | bool]:
    """Loss and error on each part of one cell's images, log norms, what an observer sees, and the two marks.

    With label noise the training images are also measured apart: those with their true label and the flipped ones,
    always against the label that is trained on. A network in which a loss or weight is not finite is `diverged`, and
    all that is measured on it NaN.
    """
    parts = {part: (values, samples.labels[part][0]) for part, values in logits.items()}
    row = scores(cell, parts)
    finite = bool(np.isfinite(list(row.values())).all()) and has_finite_weights(network)
    if cell.protocol.label_noise > 0:
        (values, labels), flipped = parts["train"], samples.flipped[0]
        row |= scores(
            cell, {name: (values[rows], labels[rows]) for name, rows in (("clean", ~flipped), ("flipped", flipped))}
        )
    norms = log_norms(cell, network, samples.pool.input_shape, samples.pool.classes) if finite else {}
    finite = finite and not any(np.isnan(norm) or norm == np.inf for norm in norms.values())
    row |= {f"log_norm_{name}": norms.get(name, np.nan) for name in cell.protocol.norms}
    if observer is not None:
        row |= observer.observe(network)
    if not finite:
        row = dict.fromkeys(row, np.nan)
    converged = row["train_error"] == 0 and row["train_loss"] < CONVERGED_LOSS
    return row | {"converged": converged, "diverged": not finite}


def scores(cell: Cell, parts: Mapping[str, tuple[Tensor, Tensor]]) -> dict[str, float]:
    """The loss on each part, then the error on each, from logits and labels; NaN for a part without images."""
    loss = LOSSES[cell.protocol.loss]
    losses = {f"{part}_loss": loss(values, labels).item() for part, (values, labels) in parts.items()}
    errors = {
        f"{part}_error": (values.argmax(1) != labels).double().mean().item() for part, (values, labels) in parts.items()
    }
    return losses | errors


def log_norms(cell: Cell, network: nn.Module, input_shape: tuple[int, int, int], classes: int) -> dict[str, float]:
    """The norms of the protocol."""

    def matrices(of: nn.Module) -> list[Matrix]:
        named = registry.load("models", cell.protocol.architecture).weight_matrices(of)
        if cell.protocol.convolutions == "operator":
            return operators(of, named, input_shape)
        return [Matrix(matrix) for _, matrix in named]

    def log_norm(name: str) -> float:
        norm = registry.load("norms", name)
        if not getattr(norm, "NEEDS_START", False):
            return float(norm.log_norm(measured))
        start = initial_network(cell, input_shape, classes).to(next(network.parameters()).device)
        return float(norm.log_norm(measured, matrices(start)))

    measured = matrices(network)
    return {name: log_norm(name) for name in cell.protocol.norms}


def has_finite_weights(network: nn.Module) -> bool:
    """Whether no parameter is infinite or NaN."""
    return all(bool(parameter.isfinite().all()) for parameter in network.parameters())
