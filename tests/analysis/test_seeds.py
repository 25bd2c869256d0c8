"""Resamples of seeds that are alike are worked out once."""

import numpy as np
from numpy.typing import NDArray

from scaling.analysis.seeds import of_each, resampled


def test_each_draw_has_its_own_value_and_no_draw_is_worked_out_twice() -> None:
    draws = resampled(3, 200)
    seen: list[tuple[int, ...]] = []

    def digits(draw: NDArray[np.int64]) -> int:
        seen.append(tuple(draw))
        return int(draw @ [1, 10, 100])

    assert of_each(draws, digits) == [first + 10 * second + 100 * third for first, second, third in draws]
    assert len(seen) == len(set(seen))
