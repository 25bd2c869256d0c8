"""Spectral complexity as a published code has it: ∏ s_i · (Σ_i (Σ_(j>i) c_j / s_i)^(2/3))^(3/2)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import Matrix, log_complexity, measured, over_layers


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log of the product of the largest singular values s_i, times a sum over tails of column norms.

    c_j is the sum of the column 2-norms of A_j, added up over all layers after the i-th; the last layer contributes
    nothing, so that a network of one layer has the norm 0. This is what the code of D'Amico et al., arXiv 2505.13230,
    computes for convolutional networks in the place of their formula (6).
    """
    layers = measured(matrices)
    log_c = over_layers([layer.log_column_sum for layer in layers])
    tails = [torch.logsumexp(log_c[..., after:], -1) for after in range(1, len(layers))]
    nothing = torch.full_like(log_c[..., 0], -torch.inf)
    log_s = over_layers([layer.log_largest_singular_value for layer in layers])
    return log_complexity(log_s, over_layers([*tails, nothing]))
