"""Ranks of true parameters among samples of their posteriors, for curves that were drawn from a belief."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.analysis.sampler_ranks import ranks_by_name

OPTIONS = {
    "law": "text",
    "breaks": (0, 1, 2, 3),
    "belief": "text",
    "curves": "count",
    "steps": "count",
}
COLUMNS = {
    "law": "shared",
    "belief": ("", "rival belief from which parameters were drawn"),
    "draw": "shared",
    "parameter": "shared",
    "rank": ("fraction", "share of the samples of the posterior that lie below the truth"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each drawn curve and parameter."""
    asked = (options[key] for key in ("law", "breaks", "belief", "curves", "steps"))
    names, found = ranks_by_name(*asked)
    count, parameters = found.shape
    return {
        "law": np.full(found.size, options["law"]),
        "belief": np.full(found.size, options["belief"]),
        "draw": np.repeat(np.arange(count), parameters),
        "parameter": np.tile(names, count),
        "rank": found.ravel(),
    }
