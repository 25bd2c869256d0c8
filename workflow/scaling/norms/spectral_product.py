"""Product of spectral norms: ∏ s_i, a bound on the Lipschitz constant of the network."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import log_largest_singular_value


def log_norm(matrices: Sequence[Tensor]) -> Tensor:
    """log of the product of the largest singular values s_i of all weight matrices."""
    return torch.stack([log_largest_singular_value(matrix) for matrix in matrices], -1).sum(-1)
