"""Spectral complexity with the zero network as reference: ∏ s_i · (Σ_i (r_i/s_i)^(2/3))^(3/2)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import log_largest_singular_value, log_row_sum


def log_norm(matrices: Sequence[Tensor]) -> Tensor:
    """log of the spectral complexity R, with the products and sums over all weight matrices A_i.

    s_i is the largest singular value of A_i and r_i = ‖A_iᵀ‖₂,₁ the sum of its row 2-norms. This is formula (6) of
    D'Amico et al., arXiv 2505.13230, after Bartlett et al., arXiv 1706.08498, with all reference matrices zero and all
    activations 1-Lipschitz.
    """
    log_s = torch.stack([log_largest_singular_value(matrix) for matrix in matrices], -1)
    log_r = torch.stack([log_row_sum(matrix) for matrix in matrices], -1)
    return log_s.sum(-1) + 1.5 * torch.logsumexp((log_r - log_s) * (2 / 3), -1)
