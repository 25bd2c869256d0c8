"""Every random draw has its own seed, derived from what it is for."""

import hashlib
import json

import numpy as np


def derived_seed(experiment: str, purpose: str, *index: int | str) -> int:
    """A 128-bit seed that depends on the experiment, the purpose of the draw and its index, and on nothing else."""
    key = json.dumps([experiment, purpose, *index], ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")


def generator(experiment: str, purpose: str, *index: int | str) -> np.random.Generator:
    """An independent generator for one purpose, such as `generator("digits_mlp", "initial_weights", seed)`.

    The same arguments give the same stream on every machine; two different purposes never share a stream, so that
    one more draw for one of them cannot shift another.
    """
    return np.random.Generator(np.random.PCG64(derived_seed(experiment, purpose, *index)))
