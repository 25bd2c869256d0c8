"""Spectral complexity with the zero network as reference: ∏ s_i · (Σ_i (r_i/s_i)^(2/3))^(3/2)."""

from collections.abc import Sequence

from torch import Tensor

from scaling.norms import Matrix, log_complexity, measured, over_layers


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log of the spectral complexity R, with the products and sums over all weight matrices A_i.

    s_i is the largest singular value of A_i and r_i = ‖A_iᵀ‖₂,₁ the sum of its row 2-norms. This is formula (6) of
    D'Amico et al., arXiv 2505.13230, after Bartlett et al., arXiv 1706.08498, with all reference matrices zero and all
    activations 1-Lipschitz.
    """
    layers = measured(matrices)
    return log_complexity(
        over_layers([layer.log_largest_singular_value for layer in layers]),
        over_layers([layer.log_row_sum for layer in layers]),
    )
