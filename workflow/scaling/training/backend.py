"""What trains the networks of a group: one interface for all back ends."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from torch import Tensor, nn

EVALUATED_AT_ONCE = {"cpu": 256, "cuda": 2048}  # more images leave the cache: convolutions were half as fast at 2048


class Batch(NamedTuple):
    """Positions (cells, n) in the training sets, and uniform numbers (cells, n, …) if the images are changed."""

    positions: Tensor
    uniform: Tensor | None

    def of(self, piece: slice) -> "Batch":
        """A part of it."""
        return Batch(self.positions[:, piece], None if self.uniform is None else self.uniform[:, piece])


class Backend(ABC):
    """The networks of some cells of one train size, and how they are trained and evaluated."""

    @abstractmethod
    def train(self, batches: Sequence[Batch], step: int) -> None:
        """Update every network once for each batch; `step` counts the updates before."""

    @abstractmethod
    def logits(self, part: str, uniform: Tensor | None) -> Iterator[Tensor]:
        """For each cell the logits (n, classes), in float64, of a part of its images."""

    @abstractmethod
    def networks(self) -> Iterator[nn.Module]:
        """The network of each cell, to look at before the next one is asked for."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """All that training has changed."""

    @abstractmethod
    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a saved state."""


def chunks(length: int, size: int) -> list[slice]:
    """Slices of at most `size` that cover `length`."""
    return [slice(start, start + size) for start in range(0, length, size)]
