"""Weights of teachers and students at the start, their overlaps by spectral group, and eigenvalues by direction."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.randomness import generator

FloatArray = NDArray[np.float64]
TEACHERS = ("random", "orthonormal")


def draw_weights(
    draw: int,
    *,
    students: int,
    teachers: int,
    dimension: int,
    init_scale: float,
    teacher: str = "random",
    groups: int = 1,
) -> tuple[FloatArray, FloatArray]:
    """Students J (K, N) of variance σ_J² = init_scale² and teachers B (M, N) of variance 1.

    Teachers that are orthonormal have overlaps t^l = 1/L in each of the L groups of N/L directions; they take
    N/L ≥ M. One draw gives the same students for any teacher and number of groups, and the same random teachers.

    Raises ValueError for groups that do not divide the directions, or too many of them.
    """
    student_weights = init_scale * generator("committee", "students", draw).standard_normal((students, dimension))
    teacher_weights = generator("committee", "teachers", draw).standard_normal((teachers, dimension))
    if teacher not in TEACHERS:
        raise ValueError(f"teacher: found {teacher!r}; allowed: {', '.join(TEACHERS)}")
    if teacher == "orthonormal":
        parts = np.moveaxis(_by_group(teacher_weights, groups), 0, -1)
        if parts.shape[1] < teachers:
            raise ValueError(
                f"groups: found {groups}; allowed for orthonormal teachers: at most {dimension // teachers}"
            )
        axes = np.linalg.qr(parts)[0] * np.sqrt(dimension / groups)
        teacher_weights = np.moveaxis(axes, -1, 0).reshape(teachers, dimension)
    return student_weights, teacher_weights


def group_overlaps(
    students: FloatArray, teachers: FloatArray, groups: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """q (L, K, K), r (L, K, M) and t (L, M, M) of weights (units, N), the directions in L equal groups."""
    J, B = (_by_group(weights, groups) for weights in (students, teachers))
    q, r, t = (np.einsum("alx,blx->lab", one, other) / students.shape[1] for one, other in ((J, J), (J, B), (B, B)))
    return q, r, t


def by_direction(eigenvalues: ArrayLike, dimension: int) -> FloatArray:
    """Eigenvalues (N,) of all directions from those of equal groups (L,)."""
    values = np.asarray(eigenvalues, dtype=np.float64)
    return np.repeat(values, _group_size(dimension, values.size))


def _by_group(weights: FloatArray, groups: int) -> FloatArray:
    """Weights (units, N) as (units, L, N/L)."""
    return weights.reshape(len(weights), groups, _group_size(weights.shape[1], groups))


def _group_size(dimension: int, groups: int) -> int:
    if dimension % groups:
        raise ValueError(f"groups: found {groups}; allowed: divisors of {dimension}")
    return dimension // groups
