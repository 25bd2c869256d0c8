"""The norm that training holds: constant after each update, of each network alone, and nothing else is changed."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from scaling import registry
from scaling.training.cells import plan
from scaling.training.networks import initial_network, learning_rate_factors
from scaling.training.run import Run
from scaling.training.samples import pool_of
from scaling.training.trainer import train_groups

DIGITS = registry.load("datasets", "digits").load({}, None)
POOL = pool_of(DIGITS, 1, torch.device("cpu"))
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "adam": {"name": "adam", "learning_rate": 0.003, "held_norm": True},
    "momentum": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "held_norm": True},
}
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp_without_biases", "hidden": [16, 16]},
    "train_sizes": [60],
    "seeds": [0, 1, 2],
    "steps": 12,
    "measurements": 4,
    "batch_size": 20,
    "init_factor": 1.5,
    "validation_size": 100,
    "test_size": 100,
    "norms": ["frobenius"],
    "optimizer": OPTIMIZERS["adam"],
}
BACKENDS = pytest.mark.parametrize("backend", ["loop", "batched"])
NAMES = pytest.mark.parametrize("name", OPTIMIZERS)


def run_of(**change: Any) -> Run:
    return Run(plan("test", SETTINGS | change)[0], DIGITS, POOL)


def norms(run: Run) -> np.ndarray:
    """‖θ‖ of each network, summed in float64 parameter by parameter."""
    found = [
        sum(float(parameter.detach().double().square().sum()) for parameter in network.parameters()) ** 0.5
        for network in run.backend.networks()
    ]
    return np.array(found)


@NAMES
@BACKENDS
@pytest.mark.parametrize("model", ["mlp_without_biases", "mlp"])
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 2e-7), ("float64", 1e-14)])
def test_the_norm_of_each_network_stays_what_it_was(
    name: str, backend: str, model: str, precision: str, tolerance: float
) -> None:
    settings = {"model": {"name": model, "hidden": [16, 16]}, "optimizer": OPTIMIZERS[name], "precision": precision}
    run = run_of(backend=backend, **settings)
    free = run_of(backend=backend, **settings | {"optimizer": {**OPTIMIZERS[name], "held_norm": False}})
    before = norms(run)
    assert len(set(before)) == 3
    for step in range(1, 10):
        run.advance(step)
        free.advance(step)
        np.testing.assert_allclose(norms(run), before, rtol=tolerance)
    assert (abs(norms(free) / before - 1) > 1e-3).all()


def test_norms_that_are_recorded_do_not_move() -> None:
    frame = train_groups(plan("test", SETTINGS), DIGITS)
    spread = frame.groupby("seed")["log_norm_frobenius"].agg(lambda logs: logs.max() - logs.min())
    assert (spread < 1e-6).all()
    assert (frame.groupby("seed")["train_loss"].last() < frame.groupby("seed")["train_loss"].first()).all()


@NAMES
def test_an_update_is_a_free_one_that_is_scaled_back(name: str) -> None:
    """One factor for all parameters, applied to what the same update, with the rate times `init_factor`, gives."""
    held = run_of(optimizer=OPTIMIZERS[name], precision="float64")
    rate = 1.5 * OPTIMIZERS[name]["learning_rate"]
    free = run_of(optimizer=OPTIMIZERS[name] | {"learning_rate": rate, "held_norm": False}, precision="float64")
    before = norms(held)
    for run in (held, free):
        run.advance(1)
    scale = before / norms(free)
    for index, (one, other) in enumerate(zip(held.backend.networks(), free.backend.networks(), strict=True)):
        for mine, theirs in zip(one.parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(mine, scale[index] * theirs, rtol=1e-12, atol=1e-15)


@NAMES
def test_back_ends_agree_on_every_network(name: str) -> None:
    settings: dict[str, Any] = {"optimizer": OPTIMIZERS[name], "precision": "float64"}
    one, other, alone = (
        train_groups(plan("test", SETTINGS | settings | change), DIGITS)
        for change in ({"backend": "loop"}, {"backend": "batched"}, {"backend": "batched", "seeds": [1]})
    )
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-9, atol=1e-12)
    mine = other.query("seed == 1").reset_index(drop=True).drop(columns="group")
    pd.testing.assert_frame_equal(mine, alone.drop(columns="group"), check_exact=False, rtol=1e-9, atol=1e-12)


@BACKENDS
def test_a_run_that_goes_on_holds_the_norm_of_its_start(backend: str) -> None:
    straight, stopped, resumed = (run_of(backend=backend) for _ in range(3))
    for run in (straight, stopped):
        run.advance(3)
    resumed.restore(stopped.state())
    for run in (straight, resumed):
        run.advance(6)
        run.measure()
    pd.testing.assert_frame_equal(pd.DataFrame(resumed.rows), pd.DataFrame(straight.rows), check_exact=True)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_rates_go_with_the_norm_only_where_it_is_held(factor: float) -> None:
    for held in (True, False):
        optimizer = OPTIMIZERS["adam"] | {"held_norm": held, "layer_rates": {"input": 3}}
        cell = plan("test", SETTINGS | {"init_factor": factor, "optimizer": optimizer})[0].cells[0]
        found = learning_rate_factors(cell.protocol, initial_network(cell, (1, 8, 8), 10))
        assert list(found.values()) == pytest.approx([3 * factor, factor, factor] if held else [3, 1, 1])


def test_settings_without_it_are_as_before() -> None:
    """The key of a trained network follows from its settings: an option that is not named is not in them."""
    optimizer = {"name": "adam", "learning_rate": 0.003}
    protocol = plan("test", SETTINGS | {"optimizer": optimizer})[0].protocol
    assert protocol.optimizer == optimizer | {"weight_decay": 0.0}
