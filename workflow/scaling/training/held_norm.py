"""Training at a norm that is held."""

from collections.abc import Sequence

import torch
from torch import Tensor


class HeldNorm:
    """The Frobenius norm of all parameters of each network together, as it is when this is made.

    One factor restores it: a network of L layers without biases keeps its function but for a factor, for
    f(cθ) = c^L f(θ). A norm held for each layer would forbid more than the norm of the whole. `stacks` are the
    parameters (networks, …), and are changed in place.
    """

    def __init__(self, stacks: Sequence[Tensor]) -> None:
        self.stacks = stacks
        self.norms = self._norms()

    def restore(self) -> None:
        """Multiply the parameters of each network by the one number that brings its norm back."""
        factors = self.norms / self._norms()
        for stack in self.stacks:
            stack.mul_(factors.to(stack.dtype).reshape(-1, *[1] * (stack.ndim - 1)))

    def _norms(self) -> Tensor:
        """(networks,), in float64."""
        squares = [stack.double().square().flatten(1).sum(1) for stack in self.stacks]
        return torch.stack(squares).sum(0).sqrt()
