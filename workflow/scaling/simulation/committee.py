"""One-pass stochastic gradient descent of a two-layer student at finite N, beside `scaling.theory.committee`.

In the eigenbasis of their covariance the inputs are ξ_k = √λ_k z_k with white noise z, k ≤ N. Each fresh example moves
the student by J_i ← J_i + (η/√N) δ_i ξ with δ_i = w_i g'(x_i)(y − ŷ); times are α = examples/N, rounded to whole
examples.

The white noise of a run depends on its seed, on N and on the kind of device alone: runs of one seed with other spectra,
learning rates or networks see the same noise, which makes differences between them sharp. A run is the same, but for
rounding, whether it is made alone or with others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

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


@dataclass(frozen=True)
class _Runs:
    """What all runs of `descend` share: `scale` are the eigenvalues, `signs` what each unit adds to ŷ − y."""

    scale: Tensor
    signs: Tensor
    unit: kernel.Unit
    rate: float
    trained: Tensor | None
    label_noise: float

    def overlaps(self, steps: Sequence[int], start: Tensor, teachers: Tensor, seeds: Sequence[int]) -> list[FloatArray]:
        """Q and R after some steps from weights (S, K, N) on, and T, of runs with some seeds."""
        students, size = start.shape[1], self.scale.numel()
        examples = kernel.taught(
            teachers,
            self.scale,
            out=self.signs[students:],
            unit=self.unit,
            label_noise=self.label_noise,
            seeds=seeds,
        )
        path = kernel.trajectory(
            start, examples, steps, rate=self.rate, out=-self.signs[:students], unit=self.unit, trained=self.trained
        )
        pairs = [
            ((weights * self.scale) @ weights.mT / size, (weights * self.scale) @ teachers.mT / size)
            for weights in path
        ]
        Q, R = (torch.stack(part, dim=1) for part in zip(*pairs, strict=True))
        return [part.cpu().double().numpy() for part in (Q, R, (teachers * self.scale) @ teachers.mT / size)]


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
    those of all directions, and `trainable` (N,) marks the directions in which the student learns. The rest, errors
    raised too, is as in `scaling.theory.committee.generalization_error`. Errors are exact averages over inputs for the
    weights of the moment, without label noise.
    """
    spectrum = positive("eigenvalues", eigenvalues, (None,))
    start = _for_each_seed("students", students, len(seeds), spectrum.size)
    taught_by = _for_each_seed("teachers", teachers, len(seeds), spectrum.size)
    units = start.shape[1], taught_by.shape[1]
    network = network_of(units, student_out, teacher_out, activation, False, label_noise)
    rate, steps = float(positive("learning_rate", learning_rate)), _whole_steps(times, spectrum.size)
    tensor = partial(torch.tensor, dtype=dtype, device=device)
    trained = None if trainable is None else tensor(marks(trainable, spectrum.size))
    runs = _Runs(tensor(spectrum), tensor(network.signs), kernel.UNITS[activation], rate, trained, label_noise)
    parts = [
        runs.overlaps(steps, tensor(start[chosen]), tensor(taught_by[chosen]), [seeds[place] for place in chosen])
        for chosen in _together(len(seeds), device)
    ]
    Q, R, T = (np.concatenate(part) for part in zip(*parts, strict=True))
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
