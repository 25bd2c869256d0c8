"""One-pass gradient descent of a two-layer network in the space of its overlaps: exact in law, without N weights.

In each spectral group the K students and M teachers span at most n = K + M directions. An example has n independent
normal components along them, and across them only its length counts, the root of a χ² of N_l − n degrees of freedom.
The group's weights in an orthonormal basis of that span, F with F Fᵀ = [[q, r], [rᵀ, t]], hold all there is to know; a
step adds one direction to the span, and a QR factorization turns the basis so that n suffice again.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from scaling.randomness import generator
from scaling.simulation._committee_kernel import Unit
from scaling.theory.committee.dynamics import Groups, factor
from scaling.theory.committee.network import Network

FloatArray = NDArray[np.float64]
CHUNK = 256  # examples drawn at once


class Reduced:
    """Runs of several seeds S in groups that hold `size` directions together."""

    def __init__(
        self, groups: Groups, size: int, rate: float, network: Network, unit: Unit, seeds: Sequence[int]
    ) -> None:
        overlaps = groups.overlaps()
        root = factor(overlaps)
        self.weights = np.zeros((len(seeds), *overlaps.shape))
        self.weights[..., : root.shape[-1]] = root
        self.eigenvalues, self.size, self.rate, self.network, self.unit = groups.eigenvalues, size, rate, network, unit
        self.freedoms = np.rint(groups.fractions * size) - overlaps.shape[-1]
        self.sources = [generator("committee", "reduced_examples", seed) for seed in seeds]
        self.done = 0

    def totals_after(self, step: int) -> FloatArray:
        """Covariances of all preactivations (S, n, n) after a number of examples, no less than the last."""
        while self.done < step:
            place = self.done % CHUNK
            if place == 0:
                self._draw()
            self._learn(self.examples[:, place], self.disturbances[:, place])
            self.done += 1
        return np.einsum("l,slax,slbx->sab", self.eigenvalues, self.weights, self.weights)

    def _draw(self) -> None:
        """The next examples (S, CHUNK, L, n + 1), across the span last, and noise on their labels (S, CHUNK)."""
        along, examples, disturbances = (CHUNK, *self.weights.shape[1:3]), [], []
        for source in self.sources:
            lengths = np.sqrt(2 * source.standard_gamma(self.freedoms / 2, along[:2]))
            white = np.concatenate([source.standard_normal(along), lengths[..., None]], axis=-1)
            examples.append(np.sqrt(self.eigenvalues)[:, None] * white)
            disturbances.append(np.sqrt(self.network.label_noise) * source.standard_normal(CHUNK))
        self.examples, self.disturbances = np.stack(examples), np.stack(disturbances)

    def _learn(self, example: FloatArray, disturbance: FloatArray) -> None:
        """One example (S, L, n + 1) for each run, with noise on its label (S,)."""
        students = self.network.students
        grown = np.concatenate([self.weights, np.zeros((*self.weights.shape[:-1], 1))], axis=-1)
        preactivations = torch.from_numpy(np.einsum("slax,slx->sa", grown, example))
        value, slope = (part.numpy() for part in self.unit(preactivations))
        gaps = value @ self.network.signs + disturbance
        moves = self.rate / self.size * gaps[:, None] * self.network.student_out * slope[:, :students]
        grown[:, :, :students] += moves[:, None, :, None] * example[:, :, None]
        self.weights = np.swapaxes(np.linalg.qr(np.swapaxes(grown, -1, -2), mode="r"), -1, -2)
