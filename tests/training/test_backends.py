"""The two back ends against each other, and what training in a group may change."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from scaling import registry
from scaling.training import samples
from scaling.training.backends import fastest
from scaling.training.cells import Group, plan
from scaling.training.networks import initial_network
from scaling.training.run import Run
from scaling.training.samples import pool_of
from scaling.training.trainer import train_groups

DIGITS = registry.load("datasets", "digits").load({}, None)
POOL = pool_of(DIGITS, 1, torch.device("cpu"))
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"name": "mlp", "hidden": [16]},
    "cnn": {"name": "cnn", "channels": [4], "pool_after": [1], "hidden": [8]},
    "resnet": {"name": "resnet", "widths": [4], "blocks": [1]},
    "vit": {"name": "vit", "patch": 4, "width": 8, "depth": 1, "heads": 2},
}
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": SMALL["mlp"],
    "train_sizes": [100],
    "seeds": [0, 1, 2],
    "epochs": 3,
    "batch_size": 40,
    "measurements": 4,
    "validation_size": 100,
    "test_size": 100,
}
NETWORKS = pytest.mark.parametrize("network", SMALL)
BACKENDS = pytest.mark.parametrize("backend", ["loop", "batched"])


def groups(**change: Any) -> list[Group]:
    return plan("test", SETTINGS | change)


def train(**change: Any) -> pd.DataFrame:
    return train_groups(groups(**change), DIGITS)


def run_of(steps: int = 0, **change: Any) -> Run:
    run = Run(groups(**change)[0], DIGITS, POOL)
    while run.step < steps:
        run.advance(steps)
    return run


def weights(run: Run) -> list[dict[str, torch.Tensor]]:
    return [{name: tensor.clone() for name, tensor in each.state_dict().items()} for each in run.backend.networks()]


@NETWORKS
@BACKENDS
def test_a_group_trained_again_gives_the_same_bits(network: str, backend: str) -> None:
    first, again = (train(model=SMALL[network], backend=backend) for _ in range(2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)


@NETWORKS
@BACKENDS
@pytest.mark.parametrize("colours", [1, 3])
def test_images_made_ready_give_the_bits_of_those_made_batch_by_batch(
    network: str, backend: str, colours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = replace(DIGITS, x=np.stack([np.roll(DIGITS.x, channel, 1) for channel in range(colours)], 3))
    group = groups(model=SMALL[network], backend=backend)
    ready = train_groups(group, images)
    monkeypatch.setattr(samples, "MADE_READY", 0)
    pd.testing.assert_frame_equal(ready, train_groups(group, images), check_exact=True)


@NETWORKS
def test_a_cell_in_the_loop_does_not_depend_on_the_others(network: str) -> None:
    together = train(model=SMALL[network], backend="loop").query("seed == 1").reset_index(drop=True)
    alone = train(model=SMALL[network], backend="loop", seeds=[1])
    pd.testing.assert_frame_equal(together.drop(columns="group"), alone.drop(columns="group"), check_exact=True)


@NETWORKS
def test_a_stacked_cell_draws_what_it_draws_alone(network: str) -> None:
    together, alone = (run_of(model=SMALL[network], backend="batched", seeds=seeds) for seeds in ([0, 1, 2], [1]))
    for one in (weights(together)[1], dict(initial_network(alone.group.cells[0], (1, 8, 8), 10).state_dict())):
        for name, tensor in weights(alone)[0].items():
            assert torch.equal(one[name], tensor)
    for part, rows in alone.samples.rows.items():
        assert torch.equal(together.samples.rows[part][1], rows[0])
        assert torch.equal(together.samples.labels[part][1], alone.samples.labels[part][0])


@NETWORKS
@pytest.mark.parametrize(
    ("precision", "steps", "tolerance", "optimizer"),
    [
        ("float32", 1, 1e-5, {"name": "sgd", "learning_rate": 0.1}),  # Adam would blow up gradients that should be 0
        ("float64", 60, 1e-9, {"name": "adam", "learning_rate": 0.001}),
    ],
    ids=["float32", "float64"],
)
def test_a_stacked_cell_takes_the_steps_it_takes_alone(
    network: str, precision: str, steps: int, tolerance: float, optimizer: dict[str, Any]
) -> None:
    settings: dict[str, Any] = {"model": SMALL[network], "precision": precision, "epochs": 20, "optimizer": optimizer}
    together = weights(run_of(steps, backend="batched", **settings))
    for backend in ("batched", "loop"):
        alone = weights(run_of(steps, backend=backend, seeds=[1], **settings))[0]
        for name, tensor in alone.items():
            np.testing.assert_allclose(together[1][name], tensor, rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize(
    "optimizer",
    [
        {"name": "adam", "learning_rate": 0.01, "weight_decay": 0.1},
        {"name": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
        {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01},
    ],
    ids=lambda optimizer: optimizer["name"],
)
def test_back_ends_agree_for_every_loss_and_optimiser(loss: str, optimizer: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"loss": loss, "optimizer": optimizer, "precision": "float64", "label_noise": 0.2}
    settings |= {"parametrisation": {"name": "mup", "base_width": 8}, "augmentation": {"rotation": 10, "flip": True}}
    one, other = (train(backend=backend, **settings) for backend in ("loop", "batched"))
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-9, atol=1e-12)
    assert one.groupby("seed")["train_loss"].apply(lambda losses: losses.iloc[-1] < losses.iloc[0]).all()


def test_a_diverged_cell_of_a_stack_leaves_the_others_alone() -> None:
    runs = [run_of(backend="batched") for _ in range(2)]
    first = next(iter(runs[1].backend.state()["stacks"].values()))
    first.register_hook(lambda gradient: gradient * torch.tensor([1, torch.inf, 1])[:, None, None])
    for run in runs:
        run.measure()
        for step in (3, 6):
            while run.step < step:
                run.advance(step)
            run.measure()
    sound, poisoned = (pd.DataFrame(run.rows) for run in runs)
    pd.testing.assert_frame_equal(
        poisoned.query("seed != 1").reset_index(drop=True), sound.query("seed != 1").reset_index(drop=True)
    )
    assert poisoned.query("seed == 1")["diverged"].tolist() == [False, True]
    assert not sound["diverged"].any()


def test_dropped_units_follow_from_the_cell() -> None:
    model = SMALL["cnn"] | {"dropout": 0.5}
    together = train(model=model).query("seed == 2").reset_index(drop=True)
    alone = train(model=model, seeds=[2])
    pd.testing.assert_frame_equal(together.drop(columns="group"), alone.drop(columns="group"), check_exact=True)
    without = train(model=SMALL["cnn"], seeds=[2])
    assert without["train_loss"].iloc[0] == alone["train_loss"].iloc[0]
    assert without["train_loss"].iloc[-1] != alone["train_loss"].iloc[-1]


@pytest.mark.parametrize(
    ("model", "seeds", "expected"),
    [
        ({"name": "mlp", "hidden": [128, 128]}, 16, "batched"),
        ({"name": "mlp", "hidden": [128, 128]}, 1, "loop"),
        ({"name": "mlp", "hidden": [512, 512]}, 16, "loop"),
        (SMALL["cnn"], 16, "loop"),
    ],
)
def test_the_back_end_follows_from_network_and_group(model: dict[str, Any], seeds: int, expected: str) -> None:
    assert fastest(groups(model=model, seeds=list(range(seeds)))[0], POOL) == expected
