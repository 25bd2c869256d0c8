"""Group norm (2,1) of all weights together: the sum of the column 2-norms."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaling.norms import Matrix, measured, over_layers


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log Σ_i ‖A_i‖₂,₁ over all weight matrices A_i."""
    return torch.logsumexp(over_layers([layer.log_column_sum for layer in measured(matrices)]), -1)
