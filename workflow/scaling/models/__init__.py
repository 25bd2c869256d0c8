"""What an architecture is: one file in this folder, named by the config, that builds a torch module.

An architecture defines

    build(settings, input_shape, classes) -> nn.Module      its weights are not drawn yet
    initialise(network, generator)                          draws every weight, in numpy, in a fixed order
    weight_matrices(network) -> list[tuple[str, Tensor]]    name and matrix (out × rest) of each weight, in the order
                                                            of the layers; views, so that they can be changed in place
    width(settings) -> int                                  the number that a study of the width varies

where `settings` is the architecture's own part of the config and may be empty, and `input_shape` is (C, H, W).
`build` and `width` raise ValueError for settings that make no network. A network takes images (N, C, H, W) and
returns logits (N, classes). Biases and the parameters of normalisation are no weight matrices.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor


def check_settings(settings: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Raise ValueError when the settings hold a key that the architecture does not know."""
    if unknown := sorted(settings.keys() - set(allowed)):
        raise ValueError(f"model: found {', '.join(unknown)}; allowed: {', '.join(allowed)}")


def fill(parameter: Tensor, values: np.ndarray) -> None:
    """Copy numbers drawn in numpy into a parameter of any type and device."""
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(values))
