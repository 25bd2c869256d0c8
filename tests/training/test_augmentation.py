"""Random changes of images against naive ones, and where they are applied."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from scaling import registry
from scaling.training.augmentation import DRAWS, augment, draws
from scaling.training.cells import plan
from scaling.training.trainer import train_groups

DIGITS = registry.load("datasets", "digits").load({}, None)
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [16]},
    "train_sizes": [100],
    "seeds": [0, 1],
    "epochs": 3,
    "batch_size": 40,
    "validation_size": 100,
    "test_size": 100,
}
IMAGES = torch.rand(200, 2, 7, 5, generator=torch.Generator().manual_seed(0))
UNIFORM = torch.rand(200, DRAWS, generator=torch.Generator().manual_seed(1))


def train(**change: Any) -> pd.DataFrame:
    return train_groups(plan("test", SETTINGS | change), DIGITS)


def test_crops_equal_naive_ones() -> None:
    found = augment(IMAGES, UNIFORM, {"crop_padding": 2})
    corners = set()
    for image, uniform, result in zip(IMAGES, UNIFORM, found, strict=True):
        padded = np.pad(image.numpy(), ((0, 0), (2, 2), (2, 2)))
        row, column = (int(uniform[axis] * 5) for axis in (0, 1))
        corners.add((row, column))
        np.testing.assert_array_equal(result, padded[:, row : row + 7, column : column + 5])
    assert {row for row, _ in corners} == {column for _, column in corners} == set(range(5))


def test_half_of_the_images_are_mirrored() -> None:
    found = augment(IMAGES, UNIFORM, {"flip": True})
    mirrored = UNIFORM[:, 2] < 0.5
    assert 0 < mirrored.sum() < 200
    assert torch.equal(found[mirrored], IMAGES[mirrored].flip(-1))
    assert torch.equal(found[~mirrored], IMAGES[~mirrored])


def test_moves_are_in_whole_pixels_and_fill_with_zeros() -> None:
    found = augment(IMAGES, UNIFORM, {"shift": 0.4})
    moves = set()
    for image, uniform, result in zip(IMAGES, UNIFORM, found, strict=True):
        across, down = (round(float((2 * uniform[axis] - 1) * 0.4) * side) for axis, side in ((4, 5), (5, 7)))
        moves.add((across, down))
        padded = np.pad(image.numpy(), ((0, 0), (3, 3), (3, 3)))
        np.testing.assert_array_equal(result, padded[:, 3 - down : 10 - down, 3 - across : 8 - across])
    assert {across for across, _ in moves} == set(range(-2, 3))
    assert {down for _, down in moves} == set(range(-3, 4))


@pytest.mark.parametrize(("uniform", "turns"), [(1.0, 1), (0.5, 0), (0.0, -1)])
def test_turns_by_a_right_angle_equal_numpy(uniform: float, turns: int) -> None:
    square = IMAGES[:, :, :5]
    found = augment(square, torch.full((200, DRAWS), uniform), {"rotation": 90})
    np.testing.assert_array_equal(found, np.rot90(square, -turns, (2, 3)))


def test_small_turns_are_symmetric_about_the_middle() -> None:
    found = augment(IMAGES, UNIFORM, {"rotation": 10})
    assert torch.equal(found[:, :, 3, 2], IMAGES[:, :, 3, 2])
    back = augment(IMAGES.flip(2, 3), UNIFORM, {"rotation": 10}).flip(2, 3)
    assert (found == back).float().mean() > 0.999
    assert not torch.equal(found, IMAGES)


def test_draws_follow_from_cell_purpose_and_moment() -> None:
    cells = plan("test", SETTINGS)[0].cells
    both = draws(cells, "augmentation", 3, 100)
    assert both.shape == (2, 100, DRAWS)
    assert torch.equal(both[1:], draws(cells[1:], "augmentation", 3, 100))
    for other in (draws(cells, "augmentation", 4, 100), draws(cells, "measured_test", 3, 100)):
        assert not torch.equal(both, other)


def test_only_the_published_way_changes_images_that_are_measured() -> None:
    change: dict[str, Any] = {"augmentation": {"crop_padding": 1, "rotation": 10}}
    plain, changed = train(), train(**change)
    published = train(augmentation=change["augmentation"] | {"as_published": True})
    measured = ["train_loss", "validation_loss", "test_loss"]
    start = [frame.query("epoch == 0")[measured].to_numpy() for frame in (plain, changed, published)]
    np.testing.assert_array_equal(start[0], start[1])
    assert (start[2] != start[0]).all()
    end = [frame.query("epoch == 3") for frame in (plain, changed, published)]
    assert (end[0]["log_norm_frobenius"] != end[1]["log_norm_frobenius"]).all()
    nothing = train(augmentation={"crop_padding": 0, "flip": False, "as_published": True})
    pd.testing.assert_frame_equal(nothing, plain, check_exact=True)
    assert end[1]["log_norm_frobenius"].tolist() == end[2]["log_norm_frobenius"].tolist()
