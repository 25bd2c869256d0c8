"""Ranks of true parameters among samples of their posteriors, for curves that were drawn from a belief."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling import registry
from scaling.analysis.sampler_ranks import ranks
from scaling.fitting.rivals import RIVALS

OPTIONS = {
    "law": "a text",
    "breaks": "an integer from 0 to 3",
    "belief": "a text",
    "curves": "an integer ≥ 1",
    "steps": "an integer ≥ 1",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each drawn curve and parameter."""
    law = registry.load("laws", options["law"]).law(options["breaks"])
    believed = {rival.name: rival for rival in RIVALS}
    if options["belief"] not in believed:
        raise ValueError(f"belief: found {options['belief']!r}; allowed: {', '.join(believed)}")
    found = ranks(law, believed[options["belief"]], options["curves"], options["steps"], 0)
    count, parameters = found.shape
    return {
        "law": np.full(found.size, options["law"]),
        "belief": np.full(found.size, options["belief"]),
        "draw": np.repeat(np.arange(count), parameters),
        "parameter": np.tile(law.names, count),
        "rank": found.ravel(),
    }
