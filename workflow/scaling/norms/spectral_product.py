"""Product of spectral norms: ∏ s_i, a bound on the Lipschitz constant of the network."""

from collections.abc import Sequence

from torch import Tensor

from scaling.norms import Matrix, measured, over_layers


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log of the product of the largest singular values s_i of all weight matrices."""
    return over_layers([layer.log_largest_singular_value for layer in measured(matrices)]).sum(-1)
