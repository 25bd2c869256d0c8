"""One-pass stochastic gradient descent of a two-layer student at finite N, beside `scaling.theory.committee`.

In the eigenbasis of their covariance the inputs are ξ_k = √λ_k z_k with white noise z, k ≤ N. Each fresh example moves
the student by J_i ← J_i + (η/√N) δ_i ξ with δ_i = w_i g'(x_i)(y − ŷ); times are α = examples/N, rounded to whole
examples.

The white noise of a run depends on its seed, on N and on the kind of device alone: runs of one seed with other spectra,
learning rates or networks see the same noise, which makes differences between them sharp. A run is the same, but for
rounding, whether it is made alone or with others.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from scaling.simulation import _committee_kernel as kernel
from scaling.simulation._committee_reduced import Reduced
from scaling.theory.committee import Evolution
from scaling.theory.committee.arguments import increasing, marks, positive, shaped
from scaling.theory.committee.setting import Overlaps, network_of, setting_of

FloatArray = NDArray[np.float64]
SEEDS_TOGETHER = 8


def descend(
    times: ArrayLike,
    *,
    students: ArrayLike,
    teachers: ArrayLike,
    eigenvalues: ArrayLike,
    learning_rate: float,
    seeds: Sequence[int],
    activation: str = "erf",
    student_out: ArrayLike | None = None,
    teacher_out: ArrayLike | None = None,
    trainable: ArrayLike | None = None,
    label_noise: float = 0.0,
    device: str = "cpu",
    dtype: torch.dtype = torch.float64,
) -> Evolution:
    """Errors and overlaps of runs at increasing times; every array of the result has a leading axis of seeds S.

    `students` (K, N) or (S, K, N) and `teachers` (M, N) or (S, M, N) are the weights at the start, `eigenvalues` (N,)
    those of all directions, and `trainable` (N,) marks the directions in which the student learns. The rest is as in
    `scaling.theory.committee.generalization_error`. Errors are exact averages over inputs for the weights of the
    moment, without label noise.

    Raises ValueError for arguments of wrong shape or value.
    """
    spectrum = positive("eigenvalues", eigenvalues, (None,))
    size, steps = spectrum.size, _whole_steps(times, spectrum.size)
    start = _for_each_seed("students", students, len(seeds), size)
    taught_by = _for_each_seed("teachers", teachers, len(seeds), size)
    units = start.shape[1], taught_by.shape[1]
    network = network_of(units, student_out, teacher_out, activation, False, label_noise)
    rate = float(positive("learning_rate", learning_rate))

    def tensor(value: ArrayLike) -> Tensor:
        return torch.tensor(value, dtype=dtype, device=device)

    unit, scale = kernel.UNITS[activation], tensor(spectrum)
    student, teacher = tensor(network.signs[: units[0]]), tensor(network.signs[units[0] :])
    trained = None if trainable is None else tensor(marks(trainable, size))

    def run(chosen: Sequence[int]) -> list[FloatArray]:
        fixed = tensor(taught_by[chosen])
        stream = kernel.taught(
            fixed, scale, out=teacher, unit=unit, label_noise=label_noise, seeds=[seeds[place] for place in chosen]
        )
        pairs = [
            ((weights * scale) @ weights.mT / size, (weights * scale) @ fixed.mT / size)
            for weights in kernel.trajectory(
                tensor(start[chosen]), stream, steps, rate=rate, out=-student, unit=unit, trained=trained
            )
        ]
        Q, R = (torch.stack(part, dim=1) for part in zip(*pairs, strict=True))
        return [part.cpu().double().numpy() for part in (Q, R, (fixed * scale) @ fixed.mT / size)]

    Q, R, T = (np.concatenate(part) for part in zip(*map(run, _together(len(seeds), device)), strict=True))
    return Evolution(network.error(Q, R, T[:, None]), Q, R, T)


def descend_linear(
    times: ArrayLike,
    *,
    differences: ArrayLike,
    eigenvalues: ArrayLike,
    learning_rate: float,
    seeds: Sequence[int],
    trainable: ArrayLike | None = None,
    label_noise: float = 0.0,
    device: str = "cpu",
    dtype: torch.dtype = torch.float64,
) -> FloatArray:
    """Errors (S, times) of networks with linear units, by the one vector that matters, D = Σ_n v_n B_n − Σ_i w_i J_i.

    `differences` (N,) or (S, N) are D at the start; `learning_rate` is η̃ = η Σ_i w_i². The rest as in `descend`.
    """
    vectors = np.asarray(differences, dtype=np.float64)[..., None, :]
    return descend(
        times,
        students=-vectors,
        teachers=np.zeros((1, vectors.shape[-1])),
        eigenvalues=eigenvalues,
        learning_rate=learning_rate,
        seeds=seeds,
        activation="linear",
        trainable=trainable,
        label_noise=label_noise,
        device=device,
        dtype=dtype,
    ).error


def descend_on_samples(
    times: ArrayLike,
    *,
    students: ArrayLike,
    inputs: ArrayLike,
    targets: ArrayLike,
    learning_rate: float,
    seeds: Sequence[int],
    activation: str = "linear",
    student_out: ArrayLike | None = None,
    device: str = "cpu",
    dtype: torch.dtype = torch.float64,
) -> FloatArray:
    """Errors (S, times) of students that learn from real samples, drawn one by one with replacement.

    `inputs` (P, N) and `targets` (P,) stand in for Gaussian inputs and a teacher; ε is the mean of (ŷ − y)²/2 over
    them. The rest as in `descend`; the output weights are 1/K if not given.
    """
    inputs = shaped("inputs", inputs, (None, None))
    targets = shaped("targets", targets, (len(inputs),))
    size, steps = inputs.shape[1], _whole_steps(times, inputs.shape[1])
    start = _for_each_seed("students", students, len(seeds), size)
    network = network_of((start.shape[1], 1), student_out, None, activation, False, 0)
    rate = float(positive("learning_rate", learning_rate))

    def tensor(value: ArrayLike) -> Tensor:
        return torch.tensor(value, dtype=dtype, device=device)

    unit, out, x, y = kernel.UNITS[activation], tensor(network.student_out), tensor(inputs), tensor(targets)

    def run(chosen: Sequence[int]) -> FloatArray:
        stream = kernel.sampled(x, y, [seeds[place] for place in chosen])
        path = kernel.trajectory(tensor(start[chosen]), stream, steps, rate=rate, out=out, unit=unit)
        gaps = [unit(x @ weights.mT / size**0.5)[0] @ out - y for weights in path]
        return torch.stack([gap.square().mean(dim=-1) / 2 for gap in gaps], dim=1).cpu().double().numpy()

    return np.concatenate([run(chosen) for chosen in _together(len(seeds), device)])


def descend_overlaps(
    times: ArrayLike,
    *,
    overlaps: Overlaps,
    eigenvalues: ArrayLike,
    directions: ArrayLike,
    learning_rate: float,
    seeds: Sequence[int],
    activation: str = "erf",
    student_out: ArrayLike | None = None,
    teacher_out: ArrayLike | None = None,
    label_noise: float = 0.0,
) -> Evolution:
    """The runs of `descend` in law, by their overlaps alone, at a cost that does not depend on N.

    `overlaps` (q, r, t) and `eigenvalues` (L,) are those of spectral groups, as in the theory; `directions` (L,) are
    the numbers of directions in each, N_l ≥ K + M. For few groups and large N.

    Raises ValueError for arguments of wrong shape or value.
    """
    counts = positive("directions", directions, (None,))
    groups, network = setting_of(
        overlaps, eigenvalues, counts / counts.sum(), None, activation, False, label_noise, student_out, teacher_out
    )
    students, units = network.students, network.signs.size
    if np.any(counts < units) or np.any(counts % 1):
        raise ValueError(f"directions: found {counts.min():g}; allowed: integers ≥ {units}")
    rate, size = float(positive("learning_rate", learning_rate)), int(counts.sum())
    runs = Reduced(groups, size, rate, network, kernel.UNITS[activation], seeds)
    totals = np.stack([runs.totals_after(step) for step in _whole_steps(times, size)], axis=1)
    Q, R, T = totals[..., :students, :students], totals[..., :students, students:], totals[..., students:, students:]
    return Evolution(network.error(Q, R, T), Q, R, T[:, 0])


def _whole_steps(times: ArrayLike, size: int) -> list[int]:
    return [round(step) for step in (increasing(times) * size).tolist()]


def _for_each_seed(name: str, weights: ArrayLike, seeds: int, size: int) -> FloatArray:
    """Weights (units, N), or (S, units, N), as (S, units, N)."""
    array = np.asarray(weights, dtype=np.float64)
    lead = () if array.ndim == 2 else (seeds,)
    array = shaped(name, array, (*lead, None, size))
    return np.broadcast_to(array, (seeds, *array.shape[-2:]))


def _together(seeds: int, device: str) -> list[list[int]]:
    """Which seeds run together: on a CPU as many as its cache holds, on a GPU all at once."""
    most = SEEDS_TOGETHER if torch.device(device).type == "cpu" else seeds
    return [list(range(first, min(first + most, seeds))) for first in range(0, seeds, most)]
