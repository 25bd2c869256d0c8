"""Two-layer networks beyond the paper's, by stochastic gradient descent and by theory for the weights drawn."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from scaling.simulation import committee
from scaling.simulation.committee_weights import by_direction, draw_weights, group_overlaps
from scaling.theory.committee import generalization_error, power_law_eigenvalues
from studies.two_layer_networks.tables._cases import Columns, stacked

OPTIONS = {
    "dimension": "count",
    "groups": "count",
    "exponent": "positive",
    "learning_rate": "positive",
    "init_scale": "positive",
    "seeds": "count",
    "alphas": "grid",
}
COLUMNS = {
    "network": ("", "what is special to a network"),
    "seed": "shared",
    "alpha": "shared",
    "error": "shared",
    "expected_error": ("", "error in theory"),
}


class Variant(NamedTuple):
    """A network; outputs that are not given are equal."""

    students: int
    teachers: int
    activation: str = "erf"
    student_out: list[float] | None = None
    teacher_out: list[float] | None = None


VARIANTS = {
    "K = 1, M = 2": Variant(1, 2),
    "K = 4, M = 2": Variant(4, 2),
    "outputs 1 and 0.3": Variant(2, 2, "erf", [1, 0.3], [1, 0.3]),
    "ReLU": Variant(2, 2, "relu"),
    "tanh": Variant(2, 2, "tanh"),
}


def tabulate(options: Mapping[str, Any]) -> Columns:
    """One row for each network, seed and time; seeds differ in the examples alone."""
    size, seeds, times = options["dimension"], range(options["seeds"]), options["alphas"]
    seed, alpha = np.meshgrid(seeds, times, indexing="ij")
    eigenvalues = power_law_eigenvalues(options["groups"], options["exponent"])

    def runs(name: str, variant: Variant) -> Columns:
        students, teachers = draw_weights(
            0,
            students=variant.students,
            teachers=variant.teachers,
            dimension=size,
            init_scale=options["init_scale"],
        )
        setting: dict[str, Any] = {
            "learning_rate": options["learning_rate"],
            "activation": variant.activation,
            "student_out": variant.student_out,
            "teacher_out": variant.teacher_out,
        }
        overlaps = group_overlaps(students, teachers, options["groups"])
        theory = generalization_error(times, overlaps=overlaps, eigenvalues=eigenvalues, rtol=1e-4, **setting)
        found = committee.descend(
            times,
            students=students,
            teachers=teachers,
            eigenvalues=by_direction(eigenvalues, size),
            seeds=seeds,
            **setting,
        )
        return {
            "network": np.full(seed.size, name),
            "seed": seed.ravel(),
            "alpha": alpha.ravel(),
            "error": found.error.ravel(),
            "expected_error": np.tile(theory, len(seeds)),
        }

    return stacked(runs(name, variant) for name, variant in VARIANTS.items())
