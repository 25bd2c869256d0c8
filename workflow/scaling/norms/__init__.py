"""What a norm is: one file in this folder, named by the config, that measures the size of a network's weights.

A norm defines

    log_norm(matrices) -> Tensor

the natural logarithm of the norm in float64, where `matrices` are the weight matrices (out × rest) in the order of the
layers. Further dimensions in front are those of several networks at once, and of the result. Only logarithms appear,
because products over layers overflow. The helpers below take one matrix (…, out, rest) and return one logarithm (…).
"""

import torch
from torch import Tensor


def log_largest_singular_value(matrix: Tensor) -> Tensor:
    """log s, exact to rounding: s² is the largest eigenvalue of the smaller Gram matrix."""
    scaled, log_scale = _scaled(matrix)
    if scaled.shape[-2] > scaled.shape[-1]:
        scaled = scaled.mT
    return log_scale + torch.linalg.eigvalsh(scaled @ scaled.mT)[..., -1].log() / 2


def log_row_sum(matrix: Tensor) -> Tensor:
    """log of the sum of the row 2-norms, ‖Aᵀ‖₂,₁."""
    scaled, log_scale = _scaled(matrix)
    return log_scale + torch.linalg.vector_norm(scaled, dim=-1).sum(-1).log()


def log_frobenius(matrix: Tensor) -> Tensor:
    """log of the root of the sum of all squared entries."""
    scaled, log_scale = _scaled(matrix)
    return log_scale + torch.linalg.vector_norm(scaled, dim=(-2, -1)).log()


def _scaled(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The matrix in float64 over its largest entry, so that no square overflows, and the log of that entry."""
    matrix = matrix.detach().double()
    largest = matrix.abs().amax(dim=(-2, -1))
    return matrix / largest[..., None, None], largest.log()
