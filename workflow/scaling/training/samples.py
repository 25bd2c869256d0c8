"""The images of a group of cells, resident on the device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from scaling.datasets import Images
from scaling.randomness import generator
from scaling.training.augmentation import augment, changes_images
from scaling.training.cells import Cell
from scaling.training.protocol import Protocol
from scaling.training.splits import Split, partition

MADE_READY = 2**24  # pixels of training images, 64 MiB in float32: more are made batch by batch


@dataclass(frozen=True)
class Pool:
    """All images of a data set, those to train on before the fixed test part, on one device.

    `x` has shape (N, H, W, C) and the type of the source: bytes stay bytes until a batch of them is used.
    """

    x: Tensor
    y: Tensor
    classes: int

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one image."""
        height, width, channels = self.x.shape[1:]
        return channels, height, width


def input_shape(images: Images, pooling: int) -> tuple[int, int, int]:
    """(C, H, W) of one image, averaged over squares of pixels."""
    height, width, *channels = images.x.shape[1:]
    return (*channels, 1)[0], height // pooling, width // pooling


def pool_of(images: Images, pooling: int, device: torch.device) -> Pool:
    """Bring the images to the device, averaged over squares of pixels of side `pooling`."""
    parts = [(images.x, images.y)]
    if images.x_test is not None and images.y_test is not None:
        parts.append((images.x_test, images.y_test))
    x, y = (torch.from_numpy(np.concatenate([part[index] for part in parts])) for index in (0, 1))
    x = x.unsqueeze(3) if x.ndim == 3 else x
    if pooling > 1:
        x = functional.avg_pool2d(_unit(x).permute(0, 3, 1, 2), pooling).permute(0, 2, 3, 1).contiguous()
    return Pool(x.to(device), y.to(device), images.classes)


@dataclass(frozen=True)
class Samples:
    """What some cells of one train size train on, are validated on and are tested on.

    `rows` and `labels` (cells, n) by part, "train", "validation" and "test"; `flipped` marks the training labels that
    are not the true ones. Pixels run from 0 to 1 less `mean`, over `deviation`, both (cells, 1, C, 1, 1).
    """

    pool: Pool
    protocol: Protocol
    rows: Mapping[str, Tensor]
    labels: Mapping[str, Tensor]
    flipped: Tensor
    mean: Tensor
    deviation: Tensor
    ready: Tensor | None = None

    def of_cell(self, index: int) -> "Samples":
        """Those of one cell alone."""
        one = slice(index, index + 1)
        rows, labels = ({part: of_cells[one] for part, of_cells in each.items()} for each in (self.rows, self.labels))
        return replace(
            self,
            rows=rows,
            labels=labels,
            flipped=self.flipped[one],
            mean=self.mean[one],
            deviation=self.deviation[one],
            ready=None if self.ready is None else self.ready[one],
        )

    def made_ready(self) -> "Samples":
        """The same with its training images made ready, where that is of use."""
        rows = self.rows["train"]
        if changes_images(self.protocol.augmentation) or rows.numel() * self.pool.x[0].numel() > MADE_READY:
            return self
        return replace(self, ready=self.images(rows).permute(0, 1, 3, 4, 2).contiguous())

    def images(self, rows: Tensor, uniform: Tensor | None = None) -> Tensor:
        """The images of some rows (cells, n) of the pool as (cells, n, C, H, W), changed at random if told how."""
        x = _unit(self.pool.x.index_select(0, rows.flatten())).permute(0, 3, 1, 2).to(self.mean.dtype)
        if uniform is not None:
            x = augment(x, uniform.flatten(0, 1), self.protocol.augmentation)
        return (x.unflatten(0, rows.shape) - self.mean) / self.deviation

    def batch(self, positions: Tensor, uniform: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Training images and labels at some positions (cells, n) of the training sets."""
        labels = self.labels["train"].gather(1, positions)
        if self.ready is None:
            return self.images(self.rows["train"].gather(1, positions), uniform), labels
        cells, size = self.ready.shape[:2]
        places = positions + size * torch.arange(cells, device=positions.device)[:, None]
        x = self.ready.flatten(0, 1).index_select(0, places.flatten()).unflatten(0, places.shape)
        return x.permute(0, 1, 4, 2, 3), labels


def samples_of(cells: Sequence[Cell], images: Images, pool: Pool) -> Samples:
    """What cells of one train size and protocol train and are measured on.

    When the protocol standardises, pixels have mean 0 and standard deviation 1 per channel over the whole training
    pool of the seed (never over validation or test images). Raises ValueError for a channel that is constant there.
    """
    protocol, size, device = cells[0].protocol, cells[0].train_size, pool.x.device
    splits = [split_of(cell, images) for cell in cells]
    first_test = 0 if images.x_test is None else len(images.x)
    numbers = {
        "train": [split.train[:size] for split in splits],
        "validation": [split.validation for split in splits],
        "test": [split.test + first_test for split in splits],
    }
    rows = {part: torch.from_numpy(np.stack(of_cells)).to(device) for part, of_cells in numbers.items()}
    labels = {part: pool.y[of_cells] for part, of_cells in rows.items()}
    shifts = torch.from_numpy(np.stack([label_shifts(cell, images.classes) for cell in cells])).to(device)
    labels["train"] = (labels["train"] + shifts) % images.classes
    moments = [_moments(pool, split.train, protocol) for split in splits]
    mean, deviation = (torch.stack([moment[index] for moment in moments]) for index in (0, 1))
    return Samples(pool, protocol, rows, labels, shifts > 0, mean, deviation).made_ready()


def split_of(cell: Cell, images: Images) -> Split:
    """The partition of the images that the seed of the cell stands for."""
    protocol = cell.protocol
    return partition(images, protocol.dataset, cell.seed, protocol.validation_size, protocol.test_size)


def label_shifts(cell: Cell, classes: int) -> NDArray[np.int64]:
    """What is added to each training label, modulo the classes: 0 for all but the exact fraction of label noise.

    They follow from data set, train size and seed, for every experiment alike; what is flipped at a low level of
    noise is flipped in the same way at a higher one.
    """
    protocol = cell.protocol
    if protocol.label_noise == 0:
        return np.zeros(cell.train_size, np.int64)
    random = generator(protocol.dataset, "label_noise", cell.seed, cell.train_size)
    shifts, order = random.integers(1, classes, cell.train_size), random.permutation(cell.train_size)
    shifts[order[round(protocol.label_noise * cell.train_size) :]] = 0
    return shifts


def _moments(pool: Pool, train: NDArray[np.int64], protocol: Protocol) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (1, C, 1, 1) per channel; 0 and 1 where the protocol does not standardise."""
    dtype = torch.float64 if protocol.precision == "float64" else torch.float32
    shape = (1, pool.input_shape[0], 1, 1)
    if not protocol.standardise:
        return pool.x.new_zeros(shape, dtype=dtype), pool.x.new_ones(shape, dtype=dtype)
    rows = torch.from_numpy(train).to(pool.x.device)
    pixels = _unit(pool.x[rows]).permute(0, 3, 1, 2).contiguous()
    deviation, mean = torch.std_mean(pixels, (0, 2, 3), correction=0, keepdim=True)
    if (deviation == 0).any():
        raise ValueError(f"{protocol.dataset}: found a constant channel; allowed: none with standardise: true")
    return mean.to(dtype), deviation.to(dtype)


def _unit(x: Tensor) -> Tensor:
    """Pixels as floating-point numbers from 0 to 1."""
    return x.float() / 255 if x.dtype == torch.uint8 else x
