"""Seeds are derived from what a draw is for."""

import numpy as np

from scaling.randomness import derived_seed, generator


def test_the_stream_is_fixed_for_ever() -> None:
    assert derived_seed("digits_mlp", "initial_weights", 3) == 0xE3371E4112E6499D62691FC3EDAA64C6
    np.testing.assert_array_equal(
        generator("digits_mlp", "initial_weights", 3).integers(1000, size=4), [711, 859, 366, 511]
    )


def test_purpose_experiment_and_index_all_matter() -> None:
    seeds = {
        derived_seed("a", "weights"),
        derived_seed("a", "weights", 1),
        derived_seed("a", "weights", "1"),
        derived_seed("a", "weights", 2),
        derived_seed("a", "order", 1),
        derived_seed("b", "weights", 1),
    }
    assert len(seeds) == 6


def test_streams_of_different_purposes_are_uncorrelated() -> None:
    first, second = (generator("a", purpose).standard_normal(20000) for purpose in ("weights", "order"))
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(20000)
