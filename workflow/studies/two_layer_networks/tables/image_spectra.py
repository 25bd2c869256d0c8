"""The spectrum of images, and what a linear network leaves unlearned when only their leading components are trained."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee
from scaling.theory.image_spectrum import principal_inputs

OPTIONS = {"learning_rate": "positive"}
COLUMNS = {
    "trained": ("", "number of leading directions that are trained"),
    "eigenvalue": ("", "eigenvalue of the input covariance, the mean being 1"),
    "error": "shared",
}


def tabulate(options: Mapping[str, Any], images: Any) -> dict[str, NDArray[Any]]:
    """One row for each number of trained components but all: its eigenvalue, and the limit ε of long times.

    The teacher is random, as in the article; images give the spectrum alone.
    """
    eigenvalues = principal_inputs(images.x)[1]
    trained = np.arange(1, eigenvalues.size)
    limit = [
        committee.linear_trainable_limit(int(count), eigenvalues=eigenvalues, learning_rate=options["learning_rate"])
        for count in trained
    ]
    return {"trained": trained, "eigenvalue": eigenvalues[:-1], "error": np.array(limit)}
