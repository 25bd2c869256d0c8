"""The windows and first train sizes that D'Amico et al. (arXiv 2505.13230) set by hand, for each of their experiments.

From the notebooks of github.com/Francill99/deep_norm and the files stored there. The windows of the two `_SGD` and the
first train sizes of `_SGD`, `_wd` and `_norms` stand in neither: they are the ones that give the stored exponents.
"""

import math
from typing import NamedTuple

NO_LIMIT = math.inf


class ByHand(NamedTuple):
    """A window in units of the norm at the lowest point, and the positions of the first train sizes that count."""

    left: float
    right: float
    first_for_gamma_1: int
    first_for_gamma_2: int


# one for each variant: three weight decays, or the norms ℓ1, Frobenius, (2,1) and spectral complexity
_CHOSEN: dict[str, list[tuple[float, float, int, int]]] = {
    "CNN_CIFAR10": [(0, 0.3, 6, 6)],
    "CNN_CIFAR100": [(0, 0.3, 6, 6)],
    "CNN_CIFAR100_SGD": [(0, 0.02, 1, 0)],
    "CNN_CIFAR10_SGD": [(0, 0.08, 1, 0)],
    "CNN_CIFAR10_norms": [(0.5, 0.8, 3, 0), (0.5, 0.8, 3, 0), (0.5, 0.8, 3, 0), (0.06, 0.3, 3, 0)],
    "CNN_CIFAR10_wd": [(0.08, 0.21, 5, 1), (0.07, 0.15, 5, 1), (0.07, 0.13, 5, 1)],
    "CNN_MNIST": [(0.001, 0.01, 6, 0)],
    "ResNet_CIFAR10": [(0.0015, 0.004, 1, 0)],
    "ResNet_CIFAR100": [(0.001, 0.004, 4, 0)],
    "ResNet_CIFAR10_norms": [(0.09, 0.2, 5, 0), (0.09, 0.2, 5, 0), (0.06, 0.09, 5, 0), (0, 0.02, 5, 0)],
    "ResNet_CIFAR10_wd": [(0, 0.021, 0, 0), (0, 0.021, 0, 0), (0, 0.021, 0, 0)],
    "ResNet_MNIST": [(0.08, 0.3, 4, 4)],
    "ViT_CIFAR10": [(1e-30, 1e-16, 4, 0)],
    "ViT_CIFAR100": [(1e-32, 1.5e-20, 5, 0)],
    "ViT_CIFAR10_norms": [(0, 0.3, 5, 0), (0, 0.25, 5, 0), (0, 0.3, 5, 0), (1e-25, 1e-15, 5, 0)],
    "ViT_CIFAR10_wd": [(1e-30, 1e-18, 5, 0), (1e-30, 1e-18, 5, 0), (1e-30, 1e-15, 5, 0)],
    "ViT_MNIST": [(0, 1e-25, 9, 9)],
}
BY_HAND = {experiment: tuple(ByHand(*chosen) for chosen in variants) for experiment, variants in _CHOSEN.items()}


def by_hand(experiment: str, variant: int = 0) -> ByHand:
    """What the authors chose for one of their experiments. Raises ValueError for a name that is none of them."""
    if experiment not in BY_HAND or variant >= len(BY_HAND[experiment]):
        raise ValueError(f"windows: found {experiment!r}, variant {variant}; allowed: {', '.join(BY_HAND)}")
    return BY_HAND[experiment][variant]
