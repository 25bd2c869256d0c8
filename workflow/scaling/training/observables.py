"""What is observed of the tangent kernel of a network in training.

Jᵢ is the Jacobian of the outputs f for training image i with respect to all parameters, and yᵢ the target of the
squared error, the one-hot label less 1/classes. A factor φ on the learning rate of a parameter, from layer-wise rates
or the parametrisation, multiplies its part of every product of gradients: √φ J stands in the place of J.

For f = 0 the mean squared error over C classes, L = (1/nC) Σᵢ ‖fᵢ − yᵢ‖², has the gradient −(2/C) g with
g = (1/n) Σᵢ Jᵢᵀ yᵢ, so that gradient descent at the learning rate η begins with

    dL/dt = −η (4/C²) Σ φ g² = −(4/C) η K L,   K = Σ φ g² / ((1/n) Σᵢ ‖yᵢ‖²).

Descent along the signs of the gradient, which is how Adam begins, moves every parameter by η φ whatever the size of its
gradient, and the mean of yᵢᵀ f by η Σ φ |g|. So K₁ = Σ φ |g| / ((1/n) Σᵢ ‖yᵢ‖²) stands there in the place of K.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from scaling.training.backend import EVALUATED_AT_ONCE, chunks
from scaling.training.cells import Cell
from scaling.training.losses import targets
from scaling.training.networks import initial_network, learning_rate_factors
from scaling.training.samples import Samples

ALIGNED_IMAGES = 1000  # the first of the training set, or all where there are fewer
OVERLAP_IMAGES = 16  # the same; the gradient of each is held at once


class Observer:
    """Observes the network of one cell, in evaluation mode and on its first training images as they are.

    `samples` are those of the cell alone. Nothing about a network changes: neither its weights, their gradients and
    its buffers, nor the mode it is in.
    """

    def __init__(self, cell: Cell, samples: Samples) -> None:
        self.names, self.samples, pool = cell.protocol.observables, samples, samples.pool
        self.rows = samples.rows["train"][:, :ALIGNED_IMAGES]
        labels = samples.labels["train"][0, :ALIGNED_IMAGES]
        self.targets = targets(samples.mean.new_zeros(len(labels), pool.classes), labels)
        network = initial_network(cell, pool.input_shape, pool.classes).to(labels.device)
        self.factors = learning_rate_factors(cell.protocol, network)
        self._sums: dict[str, Tensor] | None = None
        if "kernel_overlap" in self.names:
            with _evaluated(network):
                self.first_kernel = self._kernel(network)

    def observe(self, network: nn.Module) -> dict[str, float]:
        """The observables of the protocol."""
        self._sums = None
        with torch.enable_grad(), _evaluated(network):
            return {name: float(OBSERVABLES[name](self, network)) for name in self.names}

    def aligned_kernel(self, network: nn.Module) -> Tensor:
        """K = ‖(1/n) Σᵢ Jᵢᵀ yᵢ‖² / ((1/n) Σᵢ ‖yᵢ‖²): the rate at which the squared error begins to fall."""
        sums = self._aligned_sums(network)
        squares = [self.factors[name] * total.double().square().sum() for name, total in sums.items()]
        return torch.stack(squares).sum() / len(self.targets) / self.targets.double().square().sum()

    def l1_kernel(self, network: nn.Module) -> Tensor:
        """K₁ = |(1/n) Σᵢ Jᵢᵀ yᵢ|₁ / ((1/n) Σᵢ ‖yᵢ‖²): the same for descent along the signs of the gradient."""
        sums = self._aligned_sums(network)
        sizes = [self.factors[name] * total.double().abs().sum() for name, total in sums.items()]
        return torch.stack(sizes).sum() / self.targets.double().square().sum()

    def _aligned_sums(self, network: nn.Module) -> dict[str, Tensor]:
        """Σᵢ Jᵢᵀ yᵢ by parameter; computed once for each network that is observed."""
        if self._sums is None:
            names, parameters = zip(*network.named_parameters(), strict=True)
            sums = [torch.zeros_like(parameter) for parameter in parameters]
            for piece in chunks(len(self.targets), EVALUATED_AT_ONCE[self.targets.device.type]):
                aligned = (network(self.samples.images(self.rows[:, piece])[0]) * self.targets[piece]).sum()
                parts = torch.autograd.grad(aligned, parameters)
                sums = [total + part for total, part in zip(sums, parts, strict=True)]
            self._sums = dict(zip(names, sums, strict=True))
        return self._sums

    def kernel_overlap(self, network: nn.Module) -> Tensor:
        """The cosine between the tangent kernels of the outputs yᵢᵀ f(xᵢ) of a few images at the start and now."""
        kernel = self._kernel(network)
        return (kernel * self.first_kernel).sum() / (kernel.norm() * self.first_kernel.norm())

    def _kernel(self, network: nn.Module) -> Tensor:
        """Products (images, images) of the gradients of yᵢᵀ f(xᵢ)."""
        names, parameters = zip(*network.named_parameters(), strict=True)
        images = self.samples.images(self.rows[:, :OVERLAP_IMAGES])[0]
        gradients = [
            torch.autograd.grad((network(image[None])[0] * target).sum(), parameters)
            for image, target in zip(images, self.targets, strict=False)
        ]
        stacks = [torch.stack(of_images).flatten(1) for of_images in zip(*gradients, strict=True)]
        products = [self.factors[name] * (rows @ rows.T).double() for name, rows in zip(names, stacks, strict=True)]
        return torch.stack(products).sum(0)


OBSERVABLES: dict[str, Callable[[Observer, nn.Module], Tensor]] = {
    "aligned_kernel": Observer.aligned_kernel,
    "kernel_overlap": Observer.kernel_overlap,
    "l1_kernel": Observer.l1_kernel,
}


@contextmanager
def _evaluated(network: nn.Module) -> Iterator[None]:
    """Nothing is dropped, and normalisation uses and keeps its running moments."""
    training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(training)
