"""Where networks are trained."""

import torch

DEVICES = ("auto", "cpu", "cuda")


def device_of(setting: str) -> torch.device:
    """The device that a setting stands for; `auto` is a GPU where torch sees one.

    Raises ValueError for an unknown setting, and for `cuda` without a GPU.
    """
    if setting not in DEVICES:
        raise ValueError(f"device: found {setting!r}; allowed: {', '.join(DEVICES)}")
    present = torch.cuda.is_available()
    if setting == "cuda" and not present:
        raise ValueError("device: found 'cuda', but torch sees no CUDA GPU here; allowed: cpu or auto")
    return torch.device("cuda" if present and setting != "cpu" else "cpu")
