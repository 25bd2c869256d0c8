"""The root mean square distance of a random walk from its start, in theory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

OPTIONS = {"steps": "counts"}
COLUMNS = {
    "step": "shared",
    "norm": "shared",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each number of steps n, at √n."""
    steps = np.array(options["steps"])
    return {"step": steps, "norm": np.sqrt(steps)}
