"""Frobenius norm of all weights together: the root of the sum of their squares."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import Matrix, measured, over_layers


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log √(Σ_i ‖A_i‖²) over all weight matrices A_i."""
    return torch.logsumexp(2 * over_layers([layer.log_frobenius for layer in measured(matrices)]), -1) / 2
