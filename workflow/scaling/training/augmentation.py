"""Random changes of images that leave their class as it is, drawn in numpy and applied on the device."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from scaling.randomness import generator
from scaling.training.cells import Cell

DRAWS = 6  # crop down and across, flip, angle, shift across and down


def changes_images(settings: Mapping[str, Any]) -> bool:
    """Whether the settings change any image."""
    return any(value for key, value in settings.items() if key != "as_published")


def draws(cells: Sequence[Cell], purpose: str, moment: int, images: int) -> Tensor:
    """Uniform numbers from 0 to 1 (cells, images, 6) for one pass of each cell over its images."""
    uniform = [
        generator(cell.experiment, purpose, cell.seed, cell.train_size, moment).random((images, DRAWS), np.float32)
        for cell in cells
    ]
    return torch.from_numpy(np.stack(uniform))


def augment(x: Tensor, uniform: Tensor, settings: Mapping[str, Any]) -> Tensor:
    """Change images (N, C, H, W) as the settings say, image by image, by uniform numbers (N, 6).

    crop_padding    pad all sides by so many pixels of 0, then cut out the original size anywhere
    flip            mirror left and right with probability 1/2
    rotation        turn by up to so many degrees to either side
    shift           move by up to this fraction of the side, in whole pixels, along each axis

    Turned and moved images take the nearest pixel, or 0 from outside.
    """
    if padding := settings.get("crop_padding"):
        x = _crop(x, int(padding), uniform[:, 0], uniform[:, 1])
    if settings.get("flip"):
        x = torch.where(uniform[:, 2, None, None, None] < 0.5, x.flip(3), x)
    degrees, shift = settings.get("rotation", 0), settings.get("shift", 0)
    if degrees or shift:
        angle = (2 * uniform[:, 3] - 1) * math.radians(degrees)
        x = _turn_and_move(x, angle, *((2 * uniform[:, axis] - 1) * shift for axis in (4, 5)))
    return x


def _crop(x: Tensor, padding: int, down: Tensor, across: Tensor) -> Tensor:
    height, width = x.shape[2:]
    padded = functional.pad(x, (padding,) * 4).permute(0, 2, 3, 1)
    first_row, first_column = ((place * (2 * padding + 1)).long() for place in (down, across))
    rows = first_row[:, None] + torch.arange(height, device=x.device)
    columns = first_column[:, None] + torch.arange(width, device=x.device)
    images = torch.arange(len(x), device=x.device)
    return padded[images[:, None, None], rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _turn_and_move(x: Tensor, angle: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """`affine_grid` asks where each new pixel comes from, in units of half a side."""
    height, width = x.shape[2:]
    back = [-2 * (fraction * side).round() / side for fraction, side in ((across, width), (down, height))]
    cosine, sine = angle.cos(), angle.sin()
    across_row = torch.stack([cosine, sine * height / width, cosine * back[0] + sine * height / width * back[1]], 1)
    down_row = torch.stack([-sine * width / height, cosine, cosine * back[1] - sine * width / height * back[0]], 1)
    grid = functional.affine_grid(
        torch.stack([across_row, down_row], 1).to(x.dtype), list(x.shape), align_corners=False
    )
    return functional.grid_sample(x, grid, "nearest", "zeros", align_corners=False)
