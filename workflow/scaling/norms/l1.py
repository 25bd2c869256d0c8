"""Entrywise l1 norm of all weights together: the sum of their absolute values."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import Matrix, measured, over_layers


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log Σ |w| over all entries w of all weight matrices."""
    return torch.logsumexp(over_layers([layer.log_absolute_sum for layer in measured(matrices)]), -1)
