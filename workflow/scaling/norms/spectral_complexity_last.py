"""Spectral complexity as a published code has it for residual networks: s·c of the last layer alone."""

from collections.abc import Sequence

from torch import Tensor

from scaling.norms import Matrix, measured


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log of the largest singular value s of the last matrix times the sum c of its column 2-norms.

    This is what the code of D'Amico et al., arXiv 2505.13230, computes for residual networks in the place of their
    formula (6): it overlooks the convolutions in the blocks, and of the two layers that remain the first cancels in
    ∏ s_i · (Σ_i (Σ_(j>i) c_j / s_i)^(2/3))^(3/2).
    """
    last = measured(matrices[-1:])[0]
    return last.log_largest_singular_value + last.log_column_sum
