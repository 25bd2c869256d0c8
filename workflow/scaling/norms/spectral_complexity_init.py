"""Spectral complexity with the initial network as reference: ∏ s_i · (Σ_i (r_i/s_i)^(2/3))^(3/2)."""

from collections.abc import Sequence

from torch import Tensor

from scaling.norms import Matrix, log_complexity, measured, over_layers

NEEDS_START = True


def log_norm(matrices: Sequence[Tensor | Matrix], initial: Sequence[Tensor | Matrix] = ()) -> Tensor:
    """log of the spectral complexity, where r_i = ‖A_iᵀ − A_i(0)ᵀ‖₂,₁ is measured from the weights before training.

    This is formula (6) of D'Amico et al., arXiv 2505.13230, after Bartlett et al., arXiv 1706.08498, with the initial
    weights as reference matrices: −∞ before the first step. Raises ValueError without the initial matrices.
    """
    layers, references = measured(matrices), measured(initial)
    return log_complexity(
        over_layers([layer.log_largest_singular_value for layer in layers]),
        over_layers([(layer - start).log_row_sum for layer, start in zip(layers, references, strict=True)]),
    )
