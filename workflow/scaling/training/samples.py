"""The images of one cell as tensors."""

from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from scaling.datasets import Images
from scaling.training.cells import Cell
from scaling.training.splits import Split, partition


@dataclass(frozen=True)
class Sample:
    """Images (N, C, H, W) in float32 and their labels (N)."""

    x: Tensor
    y: Tensor


def split_of(cell: Cell, images: Images) -> Split:
    """The partition of the images that the seed of the cell stands for."""
    protocol = cell.protocol
    return partition(images, protocol.dataset, cell.seed, protocol.validation_size, protocol.test_size)


def samples_of(cell: Cell, images: Images) -> dict[str, Sample]:
    """What the cell trains on, is validated on and is tested on: "train", "validation" and "test".

    Pixels run from 0 to 1 or, when the protocol standardises, have mean 0 and standard deviation 1 per channel over
    the whole training pool of the seed (never over validation or test images). Raises ValueError for a channel that
    is constant there.
    """
    split = split_of(cell, images)
    parts = {
        "train": (images.x, images.y, split.train[: cell.train_size]),
        "validation": (images.x, images.y, split.validation),
        "test": (images.x, images.y, split.test),
    }
    if images.x_test is not None and images.y_test is not None:
        parts["test"] = (images.x_test, images.y_test, split.test)
    mean, deviation = torch.zeros(1), torch.ones(1)
    if cell.protocol.standardise:
        deviation, mean = torch.std_mean(pixels(images.x[split.train]), (0, 2, 3), correction=0, keepdim=True)
        if (deviation == 0).any():
            raise ValueError(f"{cell.protocol.dataset}: found a constant channel; allowed: none with standardise: true")
    return {
        part: Sample((pixels(x[rows]) - mean) / deviation, torch.from_numpy(y[rows]))
        for part, (x, y, rows) in parts.items()
    }


def pixels(images: NDArray[Any]) -> Tensor:
    """Images (N, H, W) or (N, H, W, C) as float32 (N, C, H, W) from 0 to 1."""
    x = torch.from_numpy(images)
    if x.dtype == torch.uint8:
        x = x.float() / 255
    return x.unsqueeze(1) if x.ndim == 3 else x.permute(0, 3, 1, 2).contiguous()


def input_shape(images: Images) -> tuple[int, int, int]:
    """(C, H, W) of one image."""
    height, width, *channels = images.x.shape[1:]
    return (*channels, 1)[0], height, width
