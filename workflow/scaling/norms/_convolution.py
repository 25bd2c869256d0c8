"""Convolutions as the linear maps that they are on whole images, in the place of their reshaped weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional
from torch.nn.grad import conv2d_input

from scaling.norms import Matrix

TOLERANCE = 1e-5
MOST_STEPS = 300


@dataclass(frozen=True)
class Geometry:
    """Shape of a weight (out, in, k, k), and how the convolution moves over images of height × width."""

    weight: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    image: tuple[int, int]


class Convolution(Matrix):
    """The sizes of the matrix that takes an image (in·height·width numbers), padded with zeros, to its convolution.

    `entries` is the reshaped weight (…, out, in·k·k). Rows and columns, absolute values and squares are those of the
    whole matrix, which is never built.
    """

    def __init__(self, entries: Tensor, geometry: Geometry) -> None:
        super().__init__(entries)
        self.geometry = geometry

    def __sub__(self, other: Matrix) -> "Convolution":
        return Convolution(self.entries.double() - other.entries.double(), self.geometry)

    def _weights(self) -> Tensor:
        """One weight (out, in, k, k) for each network."""
        return self._scaled.reshape(-1, *self.geometry.weight)

    def _forward(self, image: Tensor, weight: Tensor) -> Tensor:
        return functional.conv2d(image, weight, stride=self.geometry.stride, padding=self.geometry.padding)

    def _backward(self, image: Tensor, weight: Tensor) -> Tensor:
        """The transposed map."""
        shape = (1, weight.shape[1], *self.geometry.image)
        return conv2d_input(shape, weight, image, self.geometry.stride, self.geometry.padding)

    def _collected(self, values: list[Tensor]) -> Tensor:
        return torch.stack(values).reshape((*self.entries.shape[:-2], *values[0].shape))

    def _largest_singular_value(self) -> Tensor:
        return self._collected([self._spectral_norm(weight) for weight in self._weights()])

    def _row_norms(self) -> Tensor:
        """A row is an output pixel: the weights that meet a pixel inside the image."""
        inside = self._scaled.new_ones(1, 1, *self.geometry.image)
        weights = self._weights().square().sum(2, keepdim=True)
        return self._collected([self._forward(inside, weight).sqrt().flatten() for weight in weights])

    def _column_norms(self) -> Tensor:
        """A column is an input pixel."""
        weights = self._weights().square().sum(1, keepdim=True)
        image = self._scaled.new_ones(1, weights.shape[2], *self.geometry.image)
        inside = torch.ones_like(self._forward(image, weights[0]))
        return self._collected([self._backward(inside, weight).sqrt().flatten() for weight in weights])

    def _absolute_sum(self) -> Tensor:
        inside = self._scaled.new_ones(1, self.geometry.weight[1], *self.geometry.image)
        return self._collected([self._forward(inside, weight.abs()).sum() for weight in self._weights()])

    def _spectral_norm(self, weight: Tensor) -> Tensor:
        """The largest singular value, by Lanczos' iteration for the transposed map after the map.

        It starts from the same random image each time and stops when the residual is below
        1e-5 of the largest eigenvalue; the relative error is then about the square of that.
        """
        shape = (1, weight.shape[1], *self.geometry.image)
        size = math.prod(shape)
        most = min(MOST_STEPS, size)
        basis, tridiagonal = weight.new_empty(most, size), weight.new_zeros(most, most)
        start = torch.randn(size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        basis[0] = start / start.norm()
        for step in range(most):
            known = basis[: step + 1]
            image = self._backward(self._forward(known[-1].reshape(shape), weight), weight).flatten()
            tridiagonal[step, step] = image @ known[-1]
            for _ in range(2):  # once more, for rounding
                image = image - known.T @ (known @ image)
            beside = image.norm()
            values, vectors = torch.linalg.eigh(tridiagonal[: step + 1, : step + 1])  # reads the lower half only
            if beside * vectors[-1, -1].abs() <= TOLERANCE * values[-1] or step + 1 == most:
                break
            tridiagonal[step + 1, step] = beside
            basis[step + 1] = image / beside
        return values[-1].clamp_min(0).sqrt()


def operators(network: nn.Module, matrices: Sequence[tuple[str, Tensor]], input_shape: tuple[int, ...]) -> list[Matrix]:
    """The named weight matrices, where those of convolutions are taken as maps of the images that they see.

    `input_shape` is (C, H, W) of the images that the network takes. The matrices may be stacked (…, out, rest), those
    of several networks of equal shape.
    """
    geometries = _geometries(network, input_shape)
    return [
        Convolution(matrix, geometries[name]) if name in geometries else Matrix(matrix) for name, matrix in matrices
    ]


def _geometries(network: nn.Module, input_shape: tuple[int, ...]) -> dict[str, Geometry]:
    """By the name of each convolution's weight; found without computing, on tensors that have a shape only."""
    names = {layer: name for name, layer in network.named_modules()}
    found = {}

    def note(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if isinstance(layer, nn.Conv2d):
            height, width = inputs[0].shape[-2:]
            found[f"{names[layer]}.weight"] = Geometry(
                tuple(layer.weight.shape), layer.stride, cast(tuple[int, ...], layer.padding), (height, width)
            )

    shapes = {name: tensor.to("meta") for name, tensor in network.state_dict().items()}
    handle = nn.modules.module.register_module_forward_pre_hook(note)
    try:
        functional_call(network, shapes, torch.empty(2, *input_shape, device="meta"))
    finally:
        handle.remove()
    return found
