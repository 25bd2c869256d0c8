"""What is asked of the two-layer theory, checked and completed."""

import warnings

import numpy as np
from numpy.typing import ArrayLike

from scaling.theory.committee.arguments import fractions, marks, positive, shaped
from scaling.theory.committee.closed_forms import maximum_learning_rate
from scaling.theory.committee.dynamics import Groups, factor
from scaling.theory.committee.network import Network

Overlaps = tuple[ArrayLike, ArrayLike, ArrayLike]


def network_of(
    units: tuple[int, ...],
    student_out: ArrayLike | None,
    teacher_out: ArrayLike | None,
    activation: str,
    noise_term: bool,
    label_noise: float,
) -> Network:
    """A student and a teacher with `units` = (K, M) units; output weights √M/K and 1/√M if not given."""
    students, teachers = units
    w = np.full(students, np.sqrt(teachers) / students) if student_out is None else student_out
    v = np.full(teachers, 1 / np.sqrt(teachers)) if teacher_out is None else teacher_out
    if shaped("label_noise", label_noise, ()) < 0:
        raise ValueError(f"label_noise: found {label_noise:g}; allowed: a variance, 0 or more")
    w, v = shaped("student_out", w, (students,)), shaped("teacher_out", v, (teachers,))
    return Network(w, v, activation, noise_term, label_noise)


def setting_of(
    overlaps: Overlaps,
    eigenvalues: ArrayLike,
    group_fractions: ArrayLike | None,
    trainable: ArrayLike | None,
    activation: str,
    noise_term: bool,
    label_noise: float,
    student_out: ArrayLike | None,
    teacher_out: ArrayLike | None,
) -> tuple[Groups, Network]:
    """The arguments of `generalization_error`, checked and completed; groups of equal eigenvalue are one."""
    q, r, t = overlaps
    r = shaped("r", r, (None, None, None))
    size, students, teachers = r.shape
    groups = Groups(
        q=shaped("q", q, (size, students, students)),
        r=r,
        t=shaped("t", t, (size, teachers, teachers)),
        eigenvalues=positive("eigenvalues", eigenvalues, (size,)),
        fractions=fractions(group_fractions, size),
        trained=marks(trainable, size),
    )
    factor(groups.overlaps())  # refuses what is not positive semidefinite
    if activation == "relu" and not np.all(np.diagonal(np.tensordot(groups.eigenvalues, groups.overlaps(), 1)) > 0):
        raise ValueError("overlaps: found a unit without weights; allowed for relu: only units with some")
    return groups.merged(), network_of(r.shape[1:], student_out, teacher_out, activation, noise_term, label_noise)


def stable(learning_rate: float, groups: Groups, network: Network, activation: str) -> float:
    """The learning rate; warns, naming the maximum, where the student could match the teacher but not stay there."""
    rate = float(positive("learning_rate", learning_rate))
    w, v = network.student_out, network.teacher_out
    mean = float(groups.fractions[groups.trained] @ groups.eigenvalues[groups.trained])
    if not network.noise_term or mean == 0:
        return rate
    if activation == "linear":
        maximum = 2 / float(w @ w) / mean
    elif w.size == v.size and np.allclose(np.sort(w), np.sort(v)):
        maximum = maximum_learning_rate(groups.totals()[2], teacher_out=v, activation=activation, mean_eigenvalue=mean)
    else:
        return rate
    if rate > maximum:
        message = f"learning_rate: found {rate:g}; perfect learning is stable only below {maximum:.5g}"
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    return rate
