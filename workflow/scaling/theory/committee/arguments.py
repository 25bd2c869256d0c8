"""Checks of arguments: a ValueError says in a line what is wrong, what was found and what is allowed."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.theory.committee.activations import FloatArray


def shaped(name: str, value: ArrayLike, shape: tuple[int | None, ...]) -> FloatArray:
    """Finite numbers of a shape, in which None stands for any length but 0."""
    array = np.asarray(value, dtype=np.float64)
    fits = (
        array.ndim == len(shape)
        and array.size
        and all(wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True))
    )
    if not fits:
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        raise ValueError(f"{name}: found shape {array.shape}; allowed: ({wanted})")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: found {array[~np.isfinite(array)][0]:g}; allowed: finite numbers")
    return array


def positive(name: str, value: ArrayLike, shape: tuple[int | None, ...] = ()) -> FloatArray:
    """The same, above 0."""
    array = shaped(name, value, shape)
    if np.any(array <= 0):
        raise ValueError(f"{name}: found {array.min():g}; allowed: numbers above 0")
    return array


def increasing(times: ArrayLike) -> FloatArray:
    """Times α, from 0 on."""
    array = shaped("times", times, (None,))
    if array[0] < 0 or np.any(np.diff(array) <= 0):
        raise ValueError("times: found a time below 0 or not above the one before; allowed: increasing from 0 on")
    return array


def fractions(value: ArrayLike | None, groups: int) -> FloatArray:
    """The share of each group in all directions, N_l/N; equal shares if not given."""
    return np.full(groups, 1 / groups) if value is None else positive("group_fractions", value, (groups,))


def marks(value: ArrayLike | None, groups: int) -> NDArray[np.bool_]:
    """Which groups are trained; all if not said."""
    array = np.ones(groups, dtype=bool) if value is None else np.asarray(value)
    if array.dtype != bool or array.shape != (groups,):
        raise ValueError(f"trainable: found {array.dtype} of shape {array.shape}; allowed: bool of shape ({groups},)")
    return array
