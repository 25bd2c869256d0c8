"""Residual network (He et al., arXiv 1512.03385) for small images: basic blocks with batch normalisation."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from torch import Tensor, nn

from scaling.models import check_counts, check_settings, fill

OPTIONS = {"widths": "layers", "blocks": "layers"}
DEFAULTS: dict[str, Any] = {"widths": [16, 32], "blocks": [1, 1]}
OUTPUT_DEVIATION = 0.01


class Block(nn.Module):
    """Two 3×3 convolutions, and around them the identity, or a 1×1 convolution where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.convolution1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.normalisation1 = nn.BatchNorm2d(outputs)
        self.convolution2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.normalisation2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride > 1 or inputs != outputs:
            self.shortcut.append(nn.Conv2d(inputs, outputs, 1, stride, bias=False)).append(nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        inside = self.normalisation1(self.convolution1(x)).relu_()
        return (self.normalisation2(self.convolution2(inside)) + self.shortcut(x)).relu_()


class ResNet(nn.Module):
    """A 3×3 stem at full resolution, stages of blocks, the mean over all pixels, a linear layer."""

    def __init__(self, channels: int, widths: list[int], blocks: list[int], classes: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(channels, widths[0], 3, padding=1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True)
        )
        self.stages = nn.Sequential()
        for stage, (inputs, outputs) in enumerate(pairwise([widths[0], *widths])):
            stride = 1 if stage == 0 else 2
            first, others = Block(inputs, outputs, stride), range(blocks[stage] - 1)
            self.stages.append(nn.Sequential(first, *(Block(outputs, outputs, 1) for _ in others)))
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.stages(self.stem(x)).mean((2, 3)))


def build(settings: Mapping[str, Any], input_shape: tuple[int, ...], classes: int) -> nn.Module:
    """Stages of so many `blocks` with so many channels (`widths`); for digits unless told otherwise.

    Each stage but the first halves height and width. In training a batch is normalised by its own statistics, in
    evaluation by their running averages. With blocks 2, 2, 2, 2 this is the network of D'Amico et al., arXiv
    2505.13230, for MNIST (widths 16, 32, 64, 128) and, as ResNet-18, for CIFAR-10 (64, 128, 256, 512); with blocks
    3, 4, 6, 3, as ResNet-34, for CIFAR-100.
    """
    settings = checked(settings)
    return ResNet(input_shape[0], settings["widths"], settings["blocks"], classes)


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, completed. Raises ValueError for those that make no network."""
    check_settings(settings, OPTIONS)
    complete = DEFAULTS | dict(settings)
    check_counts(complete, OPTIONS)
    widths, blocks = complete["widths"], complete["blocks"]
    if len(widths) != len(blocks) or not widths:
        raise ValueError(f"model: found widths {widths} and blocks {blocks}; allowed: one of each for every stage")
    return complete


def initialise(network: nn.Module, generator: np.random.Generator) -> None:
    """Draw convolutions from N(0, 2/(out·k·k)) (He et al., arXiv 1502.01852) and the last layer from N(0, 0.01²).

    Normalisation starts as 1 and 0, the last bias as 0.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            deviation = (2 / layer.weight[:, 0].numel()) ** 0.5
            fill(layer.weight, generator.normal(0, deviation, tuple(layer.weight.shape)))
        elif isinstance(layer, nn.Linear):
            fill(layer.weight, generator.normal(0, OUTPUT_DEVIATION, tuple(layer.weight.shape)))
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            layer.reset_parameters()


def weight_matrices(network: nn.Module) -> list[tuple[str, Tensor]]:
    """The weight of each layer, in each block the two convolutions and then the shortcut's, as out × (in·k·k)."""
    return [(name, weight.flatten(1)) for name, weight in network.named_parameters() if weight.ndim > 1]


def width(settings: Mapping[str, Any]) -> int:
    """The number of channels of the first stage."""
    return int(checked(settings)["widths"][0])


def widened(settings: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The settings with so many channels in the first stage, the others in proportion."""
    settings = checked(settings)
    factor = width / settings["widths"][0]
    return {**settings, "widths": [max(1, round(factor * size)) for size in settings["widths"]]}
