"""Sizes of a run, and values that depend on them."""

from collections.abc import Mapping, Sequence
from typing import Any

SIZES = ("smoke", "laptop", "overnight", "paper")


def resolved(value: Any, size: str) -> Any:
    """Replace every mapping of sizes, such as `{smoke: 1, laptop: 2}`, by its value for one size.

    A size that is not named takes the value of the next smaller one that is, and one below all of them that of the
    smallest.
    """
    if isinstance(value, Mapping):
        if is_by_size(value):
            return resolved(value[size_named(list(value), size)], size)
        return {key: resolved(item, size) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, size) for item in value]
    return value


def is_by_size(value: Mapping[Any, Any]) -> bool:
    """Whether a mapping names sizes and nothing else."""
    return bool(value) and all(key in SIZES for key in value)


def size_named(named: Sequence[str], size: str) -> str:
    """Of the sizes that a mapping names, the one whose value holds at a size."""
    known = [key for key in SIZES if key in named]
    return ([key for key in known if SIZES.index(key) <= SIZES.index(size)] or known[:1])[-1]


def mixed(value: Any, place: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Mapping[Any, Any]]]:
    """The mappings that name two sizes or more beside something else, each with its place: their keys are misspelt."""
    if isinstance(value, Mapping):
        sizes = [key for key in SIZES if key in value]
        if len(sizes) >= 2 and len(value) > len(sizes):
            return [(place, value)]
        return [found for key, item in value.items() for found in mixed(item, (*place, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in mixed(item, (*place, index))]
    return []
