"""What a norm is: one file in this folder, named by the config, that measures the size of a network's weights.

A norm defines

    log_norm(matrices, initial=()) -> Tensor

the natural logarithm of the norm in float64, where `matrices` are the weight matrices (out × rest) in the order of the
layers and `initial` the same matrices before training. Only a norm that measures the distance from there needs these:
it defines `NEEDS_START = True`, and raises ValueError without them. Further dimensions in front are those of several
networks at once, and of the result. Only logarithms appear, because products over layers overflow; the log of a norm of
0 is −∞.

Matrices are tensors or, so that several norms share what they compute, `Matrix` objects, whose `Convolution` in
`scaling.norms._convolution` measures the linear map of a convolution on whole images.
"""

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor

GRAM_ROWS = 128


class Matrix:
    """The logs of several sizes of one weight matrix (…, out, rest), each computed once, in float64.

    Entries in float64 are taken relative to the largest, so that no square overflows; those of other types cannot.
    """

    def __init__(self, entries: Tensor) -> None:
        self.entries = entries.detach()
        self._unit = self.entries.new_ones(self.entries.shape[:-2], dtype=torch.float64)
        self._scaled = self.entries.double()
        if self.entries.dtype == torch.float64:
            largest = self.entries.abs().amax((-2, -1))
            self._unit = torch.where(largest > 0, largest, 1)
            self._scaled = self.entries / self._unit[..., None, None]

    def __sub__(self, other: "Matrix") -> "Matrix":
        return Matrix(self.entries.double() - other.entries.double())

    @cached_property
    def log_largest_singular_value(self) -> Tensor:
        """log s."""
        return self._unit.log() + self._largest_singular_value().log()

    @cached_property
    def log_row_sum(self) -> Tensor:
        """log of the sum of the row 2-norms, ‖Aᵀ‖₂,₁."""
        return self._unit.log() + self._row_norms().sum(-1).log()

    @cached_property
    def log_column_sum(self) -> Tensor:
        """log of the sum of the column 2-norms, ‖A‖₂,₁."""
        return self._unit.log() + self._column_norms().sum(-1).log()

    @cached_property
    def log_frobenius(self) -> Tensor:
        """log of the root of the sum of all squared entries."""
        return self._unit.log() + torch.linalg.vector_norm(self._row_norms(), dim=-1).log()

    @cached_property
    def log_absolute_sum(self) -> Tensor:
        """log of the sum of all absolute entries."""
        return self._unit.log() + self._absolute_sum().log()

    def _largest_singular_value(self) -> Tensor:
        """Exact to rounding: its square is the largest eigenvalue of the smaller Gram matrix."""
        wide = self._scaled if self._scaled.shape[-2] <= self._scaled.shape[-1] else self._scaled.mT
        gram = wide.new_zeros(*wide.shape[:-1], wide.shape[-2])
        for start in range(0, wide.shape[-2], GRAM_ROWS):  # eigvalsh reads the lower half only
            stop = start + GRAM_ROWS
            gram[..., start:stop, :stop] = wide[..., start:stop, :] @ wide[..., :stop, :].mT
        return torch.linalg.eigvalsh(gram)[..., -1].clamp_min(0).sqrt()

    def _row_norms(self) -> Tensor:
        return torch.linalg.vector_norm(self._scaled, dim=-1)

    def _column_norms(self) -> Tensor:
        return torch.linalg.vector_norm(self._scaled, dim=-2)

    def _absolute_sum(self) -> Tensor:
        return torch.linalg.vector_norm(self._scaled, 1, dim=(-2, -1))


def measured(matrices: Sequence[Tensor | Matrix]) -> list[Matrix]:
    """Tensors as `Matrix` objects; those that are some already stay the same."""
    return [matrix if isinstance(matrix, Matrix) else Matrix(matrix) for matrix in matrices]


def over_layers(logs: Sequence[Tensor]) -> Tensor:
    """One log of each layer, side by side in the last dimension."""
    return torch.stack(list(logs), -1)


def log_complexity(log_singular_values: Tensor, log_sums: Tensor) -> Tensor:
    """log of ∏ s_i · (Σ_i (r_i/s_i)^(2/3))^(3/2), from the logs of s_i and r_i side by side in the last dimension.

    Written as (Σ_i (r_i ∏_(j≠i) s_j)^(2/3))^(3/2), which also holds where an s_i is 0.
    """
    layers = log_singular_values.shape[-1]
    itself = torch.eye(layers, dtype=torch.bool, device=log_sums.device)
    log_others = log_singular_values.unsqueeze(-2).masked_fill(itself, 0).sum(-1)
    return 1.5 * torch.logsumexp((log_sums + log_others) * (2 / 3), -1)
