"""Our updates: those of PyTorch to the byte, state included, without its compiler."""

import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import Tensor

from scaling.training.optimizers import Optimizer

KINDS: dict[str, Any] = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}
SETTINGS: list[dict[str, Any]] = [
    {"name": "sgd", "learning_rate": 0.1},
    {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01},
    {"name": "adam", "learning_rate": 0.01},
    {"name": "adam", "learning_rate": 0.01, "weight_decay": 0.1},
    {"name": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
]
FACTORS = {"weight": 1.0, "bias": 0.5, "scale": 1.0}
SHAPES = {"weight": (3, 4), "bias": (3,), "scale": (2, 1, 5)}


def parameters() -> dict[str, Tensor]:
    source = torch.Generator().manual_seed(0)
    return {name: torch.randn(shape, generator=source).requires_grad_() for name, shape in SHAPES.items()}


def descend(tensors: dict[str, Tensor], optimizer: Any, steps: range) -> None:
    for step in steps:
        optimizer.zero_grad()
        sum(((step + 1) * tensor.sin() ** 2).sum() for tensor in tensors.values()).backward()  # type: ignore[union-attr]
        optimizer.step()


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: "-".join(map(str, settings.values())))
def test_updates_are_those_of_pytorch(settings: dict[str, Any]) -> None:
    ours, theirs = parameters(), parameters()
    options = {key: value for key, value in settings.items() if key in ("momentum", "weight_decay")}
    options.setdefault("weight_decay", 0)
    groups = [{"params": [theirs[name]], "lr": settings["learning_rate"] * FACTORS[name]} for name in theirs]
    descend(ours, Optimizer(settings, ours, FACTORS), range(20))
    descend(theirs, KINDS[settings["name"]](groups, lr=1, fused=True, **options), range(20))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: "-".join(map(str, settings.values())))
def test_a_restored_optimiser_goes_on_alone(settings: dict[str, Any]) -> None:
    first = parameters()
    optimizer = Optimizer(settings, first, FACTORS)
    descend(first, optimizer, range(7))
    second = {name: tensor.detach().clone().requires_grad_() for name, tensor in first.items()}
    again = Optimizer(settings, second, FACTORS)
    again.restore(optimizer.state())
    descend(first, optimizer, range(7, 20))
    descend(second, again, range(7, 20))
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    "architecture", ["{name: mlp, hidden: [8]}", "{name: cnn, channels: [4, 4], pool_after: [2], hidden: [8]}"]
)
def test_training_does_not_import_the_compiler(architecture: str) -> None:
    code = f"""
import sys, numpy, yaml
from scaling.datasets import make_images
from scaling.training.cells import plan
from scaling.training.trainer import train_groups
random = numpy.random.default_rng(0)
images = make_images(random.integers(0, 255, (80, 8, 8)).astype(numpy.uint8), numpy.arange(80) % 10)
settings = dict(dataset="digits", model=yaml.safe_load("{architecture}"), validation_size=20, test_size=20, epochs=2)
train_groups(plan("trial", settings | dict(train_sizes=[40], seeds=[0, 1])), images)
assert "torch.optim" in sys.modules
assert "torch._dynamo" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
