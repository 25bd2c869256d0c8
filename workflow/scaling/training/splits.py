"""Which images a network trains on, is validated on and is tested on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.datasets import Images
from scaling.randomness import generator


@dataclass(frozen=True)
class Split:
    """Row numbers of the three parts, which share no image.

    `train` is the whole training pool in the random order of the seed: the first P rows are the training set of size
    P, so that training sets are nested. `test` counts in the fixed test part where the images have one, else in the
    same images as the others.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def partition(images: Images, dataset: str, seed: int, validation_size: int, test_size: int) -> Split:
    """Split the images at random by data set and seed; the same for every experiment on that data set.

    The validation part comes out of the training images, and so does the test part where the set has no fixed one.
    Raises ValueError when the sizes leave no image to train on or exceed the fixed test part.
    """
    order = generator(dataset, "split", seed).permutation(len(images.x))
    if images.x_test is None:
        test, order = order[:test_size], order[test_size:]
    elif test_size <= len(images.x_test):
        test = generator(dataset, "test_split", seed).permutation(len(images.x_test))[:test_size]
    else:
        raise ValueError(f"{dataset}: test_size: found {test_size}; allowed: at most {len(images.x_test)}")
    validation, pool = order[:validation_size], order[validation_size:]
    if len(pool) == 0:
        found = f"{validation_size} validation and {test_size} test images"
        raise ValueError(f"{dataset}: found {found} out of {len(images.x)}; allowed: sizes that leave some to train on")
    return Split(generator(dataset, "subset", seed).permutation(pool), validation, test)
