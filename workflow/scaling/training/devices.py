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


def check_precision(precision: str, device: torch.device) -> None:
    """Raise ValueError for `bfloat16` where it would be emulated, which is slower than float32."""
    if precision == "bfloat16" and device.type == "cpu" and not multiplies_bfloat16():
        allowed = "float32, or bfloat16_emulated where the rounding itself is wanted"
        raise ValueError(f"precision: found 'bfloat16', which this processor does not multiply; allowed: {allowed}")


def multiplies_bfloat16() -> bool:
    """Whether the processor has instructions for products of bfloat16: AMX, or those of AVX-512."""
    present = torch.cpu.get_capabilities()
    return bool(present.get("amx_bf16") or present.get("avx512_bf16"))
