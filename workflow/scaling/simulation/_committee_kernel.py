"""The kernel of one-pass gradient descent: many examples at once, with the result of one after the other.

All arrays have a leading axis of runs S, each with its own weights and examples.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from scaling.randomness import derived_seed

BLOCK = 64  # examples

Unit = Callable[[Tensor], tuple[Tensor, Tensor]]
Stream = Iterator[tuple[Tensor, Tensor]]


def _erf(z: Tensor) -> tuple[Tensor, Tensor]:
    scaled = z * math.sqrt(0.5)
    return scaled.erf(), scaled.square().neg_().exp_().mul_(math.sqrt(2 / math.pi))


def _tanh(z: Tensor) -> tuple[Tensor, Tensor]:
    value = torch.tanh(z)
    return value, 1 - value * value


def _gelu(z: Tensor) -> tuple[Tensor, Tensor]:
    share = torch.special.ndtr(z)
    return z * share, share + z * torch.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


# an activation: its value and its slope
UNITS: dict[str, Unit] = {
    "erf": _erf,
    "linear": lambda z: (z, torch.ones_like(z)),
    "relu": lambda z: (z.clamp(min=0), (z > 0).to(z.dtype)),
    "tanh": _tanh,
    "gelu": _gelu,
}


def learn(
    weights: Tensor, examples: Tensor, targets: Tensor, *, rate: float, out: Tensor, unit: Unit, trained: Tensor | None
) -> Tensor:
    """Weights (S, K, N) after examples (S, b, N) with targets (S, b), one after the other: J_i += (η/√N) δ_i ξ.

    The preactivations of an example are those of the first weights plus what the steps δ of the earlier examples add,
    by the products ξ·ξ' of examples. This recursion is iterated for the whole block: sweep m makes example m exact, and
    when a sweep changes no bit all of them are, mostly after a dozen. Only directions marked in `trained` (N,) learn.
    """
    size = weights.shape[-1]
    moving = examples if trained is None else examples * trained
    first = weights @ examples.mT / math.sqrt(size)
    couplings = (moving @ moving.mT).triu_(1).mul_(rate / size)
    preactivations, steps = first, torch.full_like(first, torch.nan)
    for _ in range(examples.shape[1]):
        value, slope = unit(preactivations)
        new = (targets - out @ value)[:, None] * (out[:, None] * slope)
        if torch.equal(new, steps):
            break
        steps = new
        preactivations = torch.baddbmm(first, steps, couplings)
    return weights + rate / math.sqrt(size) * (steps @ moving)


def generators(purpose: str, seeds: Sequence[int], device: torch.device) -> list[torch.Generator]:
    """A generator for each seed, where its numbers are used."""
    return [torch.Generator(device).manual_seed(derived_seed("committee", purpose, seed) % 2**63) for seed in seeds]


class Noise:
    """Standard normal numbers, drawn in float32; one stream for each seed, which no setting changes."""

    def __init__(self, purpose: str, seeds: Sequence[int], like: Tensor) -> None:
        self.sources, self.dtype = generators(purpose, seeds, like.device), like.dtype

    def block(self, *shape: int) -> Tensor:
        """The next block of examples, shape (S, BLOCK, *shape)."""
        draws = [torch.randn(BLOCK, *shape, generator=source, device=source.device) for source in self.sources]
        return torch.stack(draws).to(self.dtype)


def taught(
    teachers: Tensor, eigenvalues: Tensor, *, out: Tensor, unit: Unit, label_noise: float, seeds: Sequence[int]
) -> Stream:
    """Endless blocks of Gaussian examples (S, BLOCK, N) and what the teachers (S, M, N) say to them."""
    size = len(eigenvalues)
    inputs, disturbance = (Noise(purpose, seeds, like=teachers) for purpose in ("examples", "label_noise"))
    scale = eigenvalues.sqrt()
    while True:
        examples = inputs.block(size) * scale
        targets = unit(examples @ teachers.mT / math.sqrt(size))[0] @ out
        if label_noise:
            targets = targets + math.sqrt(label_noise) * disturbance.block()
        yield examples, targets


def sampled(inputs: Tensor, targets: Tensor, seeds: Sequence[int]) -> Stream:
    """Endless blocks of examples drawn, with replacement, from inputs (P, N) and targets (P,)."""
    sources = generators("samples", seeds, inputs.device)
    while True:
        draws = [torch.randint(len(inputs), (BLOCK,), generator=source, device=source.device) for source in sources]
        rows = torch.stack(draws)
        yield inputs[rows], targets[rows]


def trajectory(
    weights: Tensor,
    stream: Stream,
    steps: Sequence[int],
    *,
    rate: float,
    out: Tensor,
    unit: Unit,
    trained: Tensor | None = None,
) -> Iterator[Tensor]:
    """The weights (S, K, N) after given numbers of examples, which never fall."""
    done = 0
    for stop in steps:
        while done < stop:
            first = done % BLOCK
            if first == 0:
                examples, targets = next(stream)
            part = slice(first, min(BLOCK, first + stop - done))
            weights = learn(
                weights, examples[:, part], targets[:, part], rate=rate, out=out, unit=unit, trained=trained
            )
            done += part.stop - first
        yield weights
