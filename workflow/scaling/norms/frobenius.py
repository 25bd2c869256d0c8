"""Frobenius norm of all weights together: the root of the sum of their squares."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import log_frobenius


def log_norm(matrices: Sequence[Tensor]) -> Tensor:
    """log √(Σ_i ‖A_i‖²) over all weight matrices A_i."""
    return torch.logsumexp(torch.stack([2 * log_frobenius(matrix) for matrix in matrices], -1), -1) / 2
