"""The three parts of a data set."""

import numpy as np
import pytest

from scaling import registry
from scaling.datasets import make_images
from scaling.training.splits import partition

DIGITS = registry.load("datasets", "digits").load({}, None)


def test_digits_split_into_1280_200_317_without_overlap() -> None:
    for seed in range(3):
        split = partition(DIGITS, "digits", seed, 200, 317)
        assert (len(split.train), len(split.validation), len(split.test)) == (1280, 200, 317)
        everything = np.concatenate([split.train, split.validation, split.test])
        np.testing.assert_array_equal(np.sort(everything), np.arange(1797))


def test_split_follows_from_data_set_and_seed() -> None:
    first, again = (partition(DIGITS, "digits", 0, 200, 317) for _ in range(2))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(first, part), getattr(again, part))
        for other in (partition(DIGITS, "digits", 1, 200, 317), partition(DIGITS, "others", 0, 200, 317)):
            assert not np.array_equal(getattr(first, part), getattr(other, part))


def test_training_images_come_in_random_order() -> None:
    split = partition(DIGITS, "digits", 0, 200, 317)
    assert abs(np.corrcoef(split.train, np.arange(1280))[0, 1]) < 0.15
    assert abs(split.train[:640].mean() - 898) < 4 * 1797 / 12**0.5 / 640**0.5


def test_validation_comes_out_of_the_training_images_when_the_test_part_is_fixed() -> None:
    x, y = np.zeros((50, 2, 2), np.uint8), np.arange(50) % 5
    images = make_images(x, y, x[:20], y[:20])
    split = partition(images, "fixed", 0, 10, 15)
    np.testing.assert_array_equal(np.sort(np.concatenate([split.train, split.validation])), np.arange(50))
    assert len(split.validation) == 10
    assert len(np.unique(split.test)) == 15
    assert split.test.max() < 20
    with pytest.raises(ValueError, match="fixed: test_size: found 21; allowed: at most 20"):
        partition(images, "fixed", 0, 10, 21)


def test_sizes_that_leave_nothing_to_train_on_are_refused() -> None:
    with pytest.raises(ValueError, match="digits: found 1480 validation and 317 test images out of 1797"):
        partition(DIGITS, "digits", 0, 1480, 317)
