"""Scale × time until small models in random subspaces reach shares of their first loss, one row for each draw."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.randomness import generator
from scaling.simulation import subspace_flow

OPTIONS = {
    "problem": ("isotropic", "quadratic", "tanh"),
    "subspace": ("gaussian", "orthogonal", "sparse"),
    "parameters": "count",
    "directions": "counts",
    "loss_shares": "grid",
    "length": "positive",
    "draws": "count",
}
COLUMNS = {
    "directions": "projected_risk",
    "draw": "shared",
    "loss_share": ("", "loss to reach, as a share of the first loss"),
    "scale_time": "projected_risk",
    "large_model_time": ("", "time until the large model reaches it", "the model never reaches it"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each scale p, draw and share; `scale_time` is blank where `length` ends before it is reached.

    `large_model_time` is that of the large model.
    """
    problem = subspace_flow.PROBLEMS[options["problem"]]()
    matrices = draws(problem, options)
    shares = np.asarray(options["loss_shares"], float)
    large = np.eye(len(problem.start))
    path = subspace_flow.flow(problem, np.concatenate([large[None], matrices]), options["length"])
    losses = np.stack([problem.loss(alpha) for alpha in path])
    times = np.array([subspace_flow.times_to_threshold(losses, problem.step, share) for share in shares])
    times[np.isinf(times)] = np.nan
    small = times[:, 1:]
    per_draw = np.tile(np.arange(options["draws"]), len(options["directions"]))
    return {
        "directions": np.tile(np.repeat(options["directions"], options["draws"]), len(shares)),
        "draw": np.tile(per_draw, len(shares)),
        "loss_share": np.repeat(shares, small.shape[1]),
        "scale_time": small.ravel(),
        "large_model_time": np.repeat(times[:, 0], small.shape[1]),
    }


def draws(problem: subspace_flow.Problem, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """M for each scale and draw, the draws of a scale together; shape (scales × draws, r, r)."""
    kind, parameters = options["subspace"], options["parameters"]
    return np.stack(
        [
            subspace_flow.mixing(
                len(problem.start), scale, kind, parameters, generator("random_subspace", kind, scale, draw)
            )
            for scale in options["directions"]
            for draw in range(options["draws"])
        ]
    )
