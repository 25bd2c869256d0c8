"""A linear network that learns a label of real images, drawn one by one, beside the theory of Gaussian inputs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from scaling.simulation import committee
from scaling.theory.committee import linear_discrete_error
from scaling.theory.image_spectrum import parity, principal_inputs, teacher_of
from studies.two_layer_networks.tables._cases import Columns, stacked

OPTIONS = {"learning_rates": "grid", "seeds": "count", "alphas": "grid"}
COLUMNS = {
    "learning_rate": "shared",
    "seed": "shared",
    "alpha": "shared",
    "error": "shared",
    "expected_error": "committee_variants",
    "residual": ("", "error of the best linear network"),
}


def tabulate(options: Mapping[str, Any], images: Any) -> Columns:
    """One row for each learning rate, seed and time: whether the class of an image is odd, learned from weights 0.

    The theory takes the spectrum of the images and the linear part of the label for Gaussian inputs and a teacher, and
    what is left of the label, `residual`, for noise. Errors are half the mean square, over all images.
    """
    inputs, eigenvalues = principal_inputs(images.x)
    targets = parity(images.y)
    teacher, unexplained = teacher_of(inputs, eigenvalues, targets)
    times, seeds = options["alphas"], range(options["seeds"])
    seed, alpha = np.meshgrid(seeds, times, indexing="ij")

    def runs(rate: float) -> Columns:
        error = committee.descend_on_samples(
            times,
            students=np.zeros((1, eigenvalues.size)),
            inputs=inputs,
            targets=targets,
            learning_rate=rate,
            seeds=seeds,
        )
        exact = linear_discrete_error(
            times, squares=teacher**2, eigenvalues=eigenvalues, learning_rate=rate, label_noise=unexplained
        )
        return {
            "learning_rate": np.full(seed.size, rate),
            "seed": seed.ravel(),
            "alpha": alpha.ravel(),
            "error": error.ravel(),
            "expected_error": np.tile(exact + unexplained / 2, len(seeds)),
            "residual": np.full(seed.size, unexplained / 2),
        }

    return stacked(runs(rate) for rate in options["learning_rates"])
