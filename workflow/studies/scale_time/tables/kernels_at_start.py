"""Strength of the tangent kernel along the targets, in perceptrons that have not been trained."""

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scaling.randomness import generator

OPTIONS = {"widths": "counts", "hidden_layers": "count", "seeds": "count", "images": "count"}
COLUMNS = {
    "width": "shared",
    "parameters": "shared",
    "seed": "shared",
    "kernel": ("", "aligned tangent kernel before training, K"),
    "kernel_input": ("", "part of the first layer in K"),
    "kernel_hidden": ("", "part of the layers between"),
    "kernel_output": ("", "part of the last layer"),
}


def tabulate(options: dict[str, Any], images: Any) -> dict[str, NDArray[Any]]:
    """The aligned kernel of perceptrons of several widths, one row for each width and seed.

    `kernel` is K = ‖(1/n) Σᵢ Jᵢᵀ yᵢ‖² / ((1/n) Σᵢ ‖yᵢ‖²): how fast the mean squared error begins to fall, relative to
    itself, when all weights follow its gradient. Jᵢ is the Jacobian of the outputs for image i and yᵢ its target, the
    one-hot label less 1/classes, which the first step of a network without output has as residual. `kernel_input`,
    `kernel_hidden` and `kernel_output` are the parts of the layers. Weights and biases are uniform in ±1/√(inputs of
    the layer). Raises ValueError when there are fewer images than asked for.
    """
    if len(images.x) < options["images"]:
        raise ValueError(f"aligned_kernel: images: found {options['images']}; allowed: at most {len(images.x)}")
    x, y = _examples(images, options["images"])
    rows = []
    for width in options["widths"]:
        sizes = [x.shape[1], *[width] * options["hidden_layers"], y.shape[1]]
        for seed in range(options["seeds"]):
            layers = _layers(sizes, generator("aligned_kernel", "initial_weights", seed))
            parts = aligned_kernel(layers, x, y)
            parameters = sum(tensor.numel() for layer in layers for tensor in layer)
            rows.append([width, parameters, seed, parts.sum(), parts[0], parts[1:-1].sum(), parts[-1]])
    names = ("width", "parameters", "seed", "kernel", "kernel_input", "kernel_hidden", "kernel_output")
    columns = dict(zip(names, np.array(rows).T, strict=True))
    return columns | {name: columns[name].astype(int) for name in names[:3]}


def aligned_kernel(layers: list[tuple[Tensor, Tensor]], x: Tensor, y: Tensor) -> NDArray[np.float64]:
    """The part of each layer in K, for inputs (n, inputs) and targets (n, classes); ReLU between the layers."""
    activity = x
    for number, (weight, bias) in enumerate(layers):
        activity = torch.addmm(bias, activity.relu() if number else activity, weight.T)
    (activity * y).sum(1).mean().backward()
    squares = [[tensor.grad.square().sum() for tensor in layer if tensor.grad is not None] for layer in layers]
    return np.array(squares).sum(axis=1) / float(y.square().sum(1).mean())


def _examples(images: Any, count: int) -> tuple[Tensor, Tensor]:
    """Some images, standardised over all of them, and their targets, in float64."""
    x = np.asarray(images.x[:count], float).reshape(count, -1)
    y = np.eye(images.classes)[images.y[:count]] - 1 / images.classes
    return torch.from_numpy((x - x.mean()) / x.std()), torch.from_numpy(y)


def _layers(sizes: list[int], random: np.random.Generator) -> list[tuple[Tensor, Tensor]]:
    drawn = []
    for inputs, outputs in pairwise(sizes):
        bound = inputs**-0.5
        weight, bias = (random.uniform(-bound, bound, shape) for shape in ((outputs, inputs), outputs))
        drawn.append((torch.from_numpy(weight).requires_grad_(), torch.from_numpy(bias).requires_grad_()))
    return drawn
