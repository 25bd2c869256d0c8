"""How far small models in random subspaces stray from the large one on a quadratic loss, with two bounds of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.simulation import subspace_flow
from studies.scale_time.tables import subspace_times

OPTIONS = {"directions": "counts", "scale_times": "grid", "draws": "count"}
COLUMNS = {
    "directions": "projected_risk",
    "draw": "shared",
    "scale_time": "projected_risk",
    "distance": ("", "distance of a small model from the large one at equal scale × time, ‖α − A‖"),
    "uniform_bound": ("", "bound of that distance that does not grow with time"),
    "exponential_bound": ("", "bound of that distance that grows exponentially"),
    "largest_distance": ("", "largest distance over time"),
    "largest_share_of_bound": ("", "largest ratio over time of the distance to the uniform bound"),
}
SMOOTHNESS = 1.0  # the largest curvature of the quadratic


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each scale p, draw and s (rounded to the steps of the flow).

    `largest_distance` and `largest_share_of_bound` are over all steps up to the last s.
    """
    problem = subspace_flow.quadratic()
    matrices = subspace_times.draws(problem, {**options, "subspace": "gaussian", "parameters": 0})
    found = subspace_flow.distances(problem, SMOOTHNESS, matrices, max(options["scale_times"]))
    shares = found.distance[1:] / found.uniform_bound[1:]
    chosen = np.unique(np.round(np.asarray(options["scale_times"]) / problem.step).astype(int))
    chosen = chosen[chosen > 0]
    repeated = len(matrices)

    def per_draw(values: NDArray[Any]) -> NDArray[Any]:
        return np.tile(values, len(chosen))

    return {
        "directions": per_draw(np.repeat(options["directions"], options["draws"])),
        "draw": per_draw(np.tile(np.arange(options["draws"]), len(options["directions"]))),
        "scale_time": np.repeat(found.time[chosen], repeated),
        "distance": found.distance[chosen].ravel(),
        "uniform_bound": found.uniform_bound[chosen].ravel(),
        "exponential_bound": found.exponential_bound[chosen].ravel(),
        "largest_distance": per_draw(found.distance.max(axis=0)),
        "largest_share_of_bound": per_draw(shares.max(axis=0)),
    }
