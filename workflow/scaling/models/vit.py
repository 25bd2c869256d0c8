"""Vision transformer (Dosovitskiy et al., arXiv 2010.11929): patches, a class token, learned positions, no dropout."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from scaling.models import check_counts, check_settings, fill

OPTIONS = {"patch": "count", "width": "count", "depth": "count", "heads": "count", "mlp_ratio": "count"}
DEFAULTS: dict[str, Any] = {"patch": 2, "width": 32, "depth": 2, "heads": 4, "mlp_ratio": 4}
NO_MATRICES = ("class_token", "positions")
KEEP_SCALE = ("projection.weight",)
PARTS = ("query", "key", "value")
POSITION_DEVIATION = 0.02


class Attention(nn.Module):
    """Self-attention; query, key and value are the three parts of one projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.projection = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        split = self.projection(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)  # each image × head × token × rest
        weight = (query @ key.mT * query.shape[-1] ** -0.5).softmax(-1)
        return self.output((weight @ value).transpose(1, 2).flatten(2))


class Block(nn.Module):
    """Attention, then a perceptron with GELU, each after its normalisation and added to its input."""

    def __init__(self, width: int, heads: int, mlp_ratio: int) -> None:
        super().__init__()
        self.normalisation1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.normalisation2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, mlp_ratio * width), nn.GELU(), nn.Linear(mlp_ratio * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.normalisation1(x))
        return x + self.mlp(self.normalisation2(x))


class VisionTransformer(nn.Module):
    """The class token, after all blocks and a normalisation, goes through a linear layer."""

    def __init__(self, channels: int, patches: int, settings: Mapping[str, int], classes: int) -> None:
        super().__init__()
        patch, width = settings["patch"], settings["width"]
        self.class_token = nn.Parameter(torch.empty(1, 1, width))
        self.positions = nn.Parameter(torch.empty(1, patches + 1, width))
        self.embedding = nn.Conv2d(channels, width, patch, stride=patch)
        self.blocks = nn.Sequential(
            *(Block(width, settings["heads"], settings["mlp_ratio"]) for _ in range(settings["depth"]))
        )
        self.normalisation = nn.LayerNorm(width)
        self.output = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        patches = self.embedding(x).flatten(2).mT
        tokens = torch.cat((self.class_token.expand(len(x), -1, -1), patches), 1)
        return self.output(self.normalisation(self.blocks(tokens + self.positions)[:, 0]))


def build(settings: Mapping[str, Any], input_shape: tuple[int, ...], classes: int) -> nn.Module:
    """A transformer of `depth` blocks on patches of `patch` × `patch` pixels; for digits unless told otherwise.

    Tokens have `width` components, attention has so many `heads`, and the hidden layer of a block is `mlp_ratio` times
    as wide. Patch 7, width 128, depth 4, heads 4 is the network of D'Amico et al., arXiv 2505.13230, for MNIST; patch
    4, depth 6, width 192 and 3 heads theirs for CIFAR-10, width 256 and 4 heads theirs for CIFAR-100; ratio 4 always.
    """
    settings = checked(settings)
    channels, height, breadth = input_shape
    patch = settings["patch"]
    if height % patch or breadth % patch:
        raise ValueError(f"model: patch: found {patch}; allowed: a divisor of the {height}×{breadth} pixels")
    return VisionTransformer(channels, height // patch * (breadth // patch), settings, classes)


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, completed. Raises ValueError for those that make no network."""
    check_settings(settings, OPTIONS)
    complete = DEFAULTS | dict(settings)
    check_counts(complete, OPTIONS)
    if complete["width"] % complete["heads"]:
        raise ValueError(
            f"model: heads: found {complete['heads']}; allowed: a divisor of the width {complete['width']}"
        )
    return complete


def initialise(network: nn.Module, generator: np.random.Generator) -> None:
    """Draw the weights as D'Amico et al. do: by He for the patches, by Glorot for the others, biases 0.

    The convolution comes from N(0, 2/(out·k·k)), each linear weight uniformly from ±√(6/(in + out)), where the
    projection to query, key and value counts as one of 3·width outputs. Class token and positions come from
    N(0, 0.02²); normalisation starts as 1 and 0.
    """
    for name, parameter in network.named_parameters():
        shape = tuple(parameter.shape)
        if name in NO_MATRICES:
            fill(parameter, generator.normal(0, POSITION_DEVIATION, shape))
        elif parameter.ndim == 4:
            fill(parameter, generator.normal(0, (2 / parameter[:, 0].numel()) ** 0.5, shape))
        elif parameter.ndim == 2:
            bound = (6 / sum(shape)) ** 0.5
            fill(parameter, generator.uniform(-bound, bound, shape))
        else:
            is_gain = "normalisation" in name and name.endswith("weight")
            nn.init.constant_(parameter, float(is_gain))


def weight_matrices(network: nn.Module) -> list[tuple[str, Tensor]]:
    """The patch embedding; of each block query, key, value, output and the two layers of its perceptron; the head."""
    matrices: list[tuple[str, Tensor]] = []
    for name, parameter in network.named_parameters():
        if name.endswith("projection.weight"):
            parts = zip(PARTS, parameter.chunk(len(PARTS)), strict=True)
            matrices += [(f"{name}:{part}", matrix) for part, matrix in parts]
        elif parameter.ndim > 1 and name not in NO_MATRICES:
            matrices.append((name, parameter.flatten(1)))
    return matrices


def width(settings: Mapping[str, Any]) -> int:
    """The number of components of a token."""
    return int(checked(settings)["width"])


def widened(settings: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The settings with so many components of a token."""
    return {**checked(settings), "width": width}
