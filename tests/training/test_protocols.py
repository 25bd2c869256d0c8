"""Losses, parametrisations, label noise, pooling, budgets and the early stop, against naive computations."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from scaling import registry
from scaling.datasets import make_images
from scaling.described import read
from scaling.models import Role, roles
from scaling.training.cells import Cell, plan
from scaling.training.losses import LOSSES, STACKED
from scaling.training.networks import initial_network, learning_rate_factors
from scaling.training.protocol import Protocol
from scaling.training.run import Run
from scaling.training.samples import label_shifts, pool_of, samples_of
from scaling.training.trainer import train_groups

DIGITS = registry.load("datasets", "digits").load({}, None)
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [16]},
    "train_sizes": [50],
    "seeds": [0, 1],
    "epochs": 4,
    "validation_size": 100,
    "test_size": 100,
}


def train(**change: Any) -> pd.DataFrame:
    return train_groups(plan("test", SETTINGS | change), DIGITS)


def cell_of(**change: Any) -> Cell:
    return plan("test", SETTINGS | change)[0].cells[0]


def test_losses_equal_their_definitions() -> None:
    random = np.random.default_rng(0)
    logits, labels = random.normal(size=(3, 7, 4)), random.integers(0, 4, (3, 7))
    target = np.eye(4)[labels]
    naive = {
        "cross_entropy": -np.log((np.exp(logits) * target).sum(-1) / np.exp(logits).sum(-1)).mean(-1),
        "mse": ((logits - (target - 1 / 4)) ** 2).mean((1, 2)),
    }
    x, y = torch.from_numpy(logits), torch.from_numpy(labels)
    for name, expected in naive.items():
        found = [LOSSES[name](x[cell], y[cell]).item() for cell in range(3)]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert STACKED[name](x, y).item() == pytest.approx(expected.sum(), rel=1e-12)
    assert LOSSES["mse"](torch.zeros(5, 10), torch.arange(5)).item() == pytest.approx(0.09)


@pytest.mark.parametrize(
    ("parametrisation", "optimizer", "rates", "output_scale"),
    [
        ("standard", "sgd", [1, 1, 1, 1, 1, 1], 1),
        ("ntk", "sgd", [1, 1, 1 / 4, 1, 1 / 4, 1], 1),
        ("ntk", "adam", [1, 1, 1 / 2, 1, 1 / 2, 1], 1),
        ("mup", "sgd", [4, 4, 1, 4, 1 / 4, 1], 1 / 2),
        ("mup", "adamw", [1, 1, 1 / 4, 1, 1 / 4, 1], 1 / 2),
    ],
)
def test_parametrisations_multiply_rates_and_the_last_weights(
    parametrisation: str, optimizer: str, rates: list[float], output_scale: float
) -> None:
    """Weight and bias of the first, the hidden and the last layer, at four times the base width."""
    change: dict[str, Any] = {
        "model": {"name": "mlp", "hidden": [32, 32]},
        "optimizer": {"name": optimizer, "learning_rate": 1},
    }
    standard = initial_network(cell_of(**change), (1, 8, 8), 10)
    cell = cell_of(**change, parametrisation={"name": parametrisation, "base_width": 8})
    network = initial_network(cell, (1, 8, 8), 10)
    assert list(learning_rate_factors(cell.protocol, network).values()) == pytest.approx(rates)
    for (name, found), expected in zip(network.named_parameters(), standard.parameters(), strict=True):
        scale = output_scale if name == "5.weight" else 1
        torch.testing.assert_close(found, expected * scale, rtol=1e-6, atol=0)


def test_layers_have_rates_of_their_own() -> None:
    rates = {"input": 2, "hidden": 0, "output": 3, "vector": 5, "output_vector": 7}
    change = {
        "model": {"name": "mlp", "hidden": [8, 8]},
        "optimizer": {"name": "sgd", "learning_rate": 1e-2, "layer_rates": rates},
    }
    cell = cell_of(**change)
    network = initial_network(cell, (1, 8, 8), 10)
    assert list(learning_rate_factors(cell.protocol, network).values()) == [2, 5, 0, 5, 3, 7]


def test_mup_features_move_as_much_at_every_width() -> None:
    """One step of SGD changes hidden activities by a width-independent amount in mup, and not in the standard one."""

    def movement(width: int, name: str) -> float:
        change: dict[str, Any] = {
            "model": {"name": "mlp", "hidden": [width, width]},
            "seeds": [0, 1, 2, 3],
            "backend": "batched",
        }
        change |= {"parametrisation": {"name": name, "base_width": 32}, "batch_size": 50}
        change |= {"optimizer": {"name": "sgd", "learning_rate": 0.1}}
        pool = pool_of(DIGITS, 1, torch.device("cpu"))
        run = Run(plan("test", SETTINGS | change)[0], DIGITS, pool)
        x = run.samples.images(run.samples.rows["test"][:1])[0]

        def features() -> list[torch.Tensor]:
            return [nn.Sequential(*network.children())[:4](x).detach() for network in run.backend.networks()]

        before = features()
        run.advance(1)
        after = features()
        return float(torch.stack([(b - a).square().mean().sqrt() for a, b in zip(before, after, strict=True)]).mean())

    ratio = {name: movement(1024, name) / movement(64, name) for name in ("standard", "ntk", "mup")}
    assert ratio["mup"] == pytest.approx(1, abs=0.25)
    assert ratio["ntk"] < 0.4


def test_every_role_of_every_architecture_has_a_rate() -> None:
    for name in registry.names("models"):
        cell = cell_of(model={"name": name}, parametrisation={"name": "mup", "base_width": 8})
        network = initial_network(cell, (1, 8, 8), 10)
        found = roles(registry.load("models", name), network)
        assert all(isinstance(role, Role) for role in found.values())
        assert learning_rate_factors(cell.protocol, network).keys() == dict(network.named_parameters()).keys()


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.25, 0.9])
def test_label_noise_is_an_exact_fraction_of_other_classes(noise: float) -> None:
    cell = cell_of(label_noise=noise, train_sizes=[200])
    sample = samples_of([cell], DIGITS, pool_of(DIGITS, 1, torch.device("cpu")))
    true = DIGITS.y[sample.rows["train"][0]]
    found = sample.labels["train"][0].numpy()
    assert (found != true).sum() == round(noise * 200)
    np.testing.assert_array_equal(found != true, sample.flipped[0])
    assert found.min() >= 0
    assert found.max() <= 9
    for part in ("validation", "test"):
        np.testing.assert_array_equal(sample.labels[part][0], DIGITS.y[sample.rows[part][0]])


def test_flips_are_nested_in_the_noise_and_uniform_over_the_other_classes() -> None:
    low, high = (label_shifts(cell_of(label_noise=noise, train_sizes=[1000]), 10) for noise in (0.2, 0.5))
    np.testing.assert_array_equal(low[low > 0], high[low > 0])
    every = label_shifts(cell_of(label_noise=0.999, train_sizes=[100_000]), 10)
    counts = np.bincount(every, minlength=10)[1:]
    assert abs(counts / 99_900 - 1 / 9).max() < 5 * (1 / 9 * 8 / 9 / 99_900) ** 0.5


def test_clean_and_flipped_images_are_measured_apart() -> None:
    frame = train(label_noise=0.2, epochs=200)
    for kind in ("loss", "error"):
        both = 0.8 * frame[f"clean_{kind}"] + 0.2 * frame[f"flipped_{kind}"]
        np.testing.assert_allclose(frame[f"train_{kind}"], both, rtol=1e-9, atol=1e-12)
    early, last = frame.query("epoch == 10"), frame.query("epoch == 200")
    assert (early["clean_error"].to_numpy() < early["flipped_error"].to_numpy()).all()
    assert last["flipped_error"].max() < 0.5  # the wrong labels are learnt in the end
    few = train(label_noise=0.001)  # nothing to flip among 50
    assert few["flipped_loss"].isna().all()
    assert not few["diverged"].any()


def test_pooling_averages_squares_of_pixels() -> None:
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (5, 4, 6, 3), np.uint8)
    pool = pool_of(make_images(x, np.arange(5)), 2, torch.device("cpu"))
    expected = x.reshape(5, 2, 2, 3, 2, 3).mean((2, 4)) / 255
    np.testing.assert_allclose(pool.x, expected, rtol=1e-6)
    assert pool.input_shape == (3, 2, 3)
    assert train(pooling=2)["test_error"].notna().all()


def test_a_budget_in_updates_is_measured_between_epochs() -> None:
    frame = train(epochs=None, steps=30, batch_size=20, seeds=[0], measurements=8)
    assert frame["step"].tolist() == [0, 1, 2, 3, 5, 10, 17, 30]
    assert frame["epoch"].tolist() == [0, 0, 0, 1, 1, 3, 5, 10]
    by_epochs = train(epochs=10, batch_size=20, seeds=[0])
    assert frame["train_loss"].iloc[-1] == by_epochs["train_loss"].iloc[-1]


def test_early_stop_ends_a_group_that_has_learnt_all() -> None:
    settings: dict[str, Any] = {"epochs": 100, "optimizer": {"name": "adam", "learning_rate": 0.02}}
    settings |= {"model": {"name": "mlp", "hidden": [64]}}
    whole, stopped = train(**settings), train(**settings, early_stop=True)
    assert whole["step"].max() == 100
    last = stopped["step"].max()
    assert last < 100
    pd.testing.assert_frame_equal(stopped, whole[whole["step"] <= last].reset_index(drop=True), check_exact=True)
    for _, rows in stopped.groupby("seed"):
        assert rows["converged"].iloc[-1]
        assert max(rows.loc[rows[loss].idxmin(), "step"] for loss in ("validation_loss", "test_loss")) < last / 2
    before = whole[whole["step"] < last].groupby("seed")["converged"].last()
    assert len(before) == 2


def test_operator_norms_of_convolutions_exceed_those_of_the_reshaped_weights() -> None:
    model = {"name": "cnn", "channels": [4], "pool_after": [], "hidden": []}
    change: dict[str, Any] = {"model": model, "norms": ["spectral_product"], "epochs": 1, "seeds": [0]}
    one, other = (train(**change, convolutions=kind)["log_norm_spectral_product"] for kind in ("reshaped", "operator"))
    assert (other > one).all()


def test_the_distance_from_the_start_is_a_norm() -> None:
    found = train(norms=["spectral_complexity_init"], seeds=[0])["log_norm_spectral_complexity_init"]
    assert found.iloc[0] == -np.inf
    assert np.isfinite(found.iloc[1:]).all()
    assert found.is_monotonic_increasing


@pytest.mark.parametrize("precision", ["tf32", "bfloat16_emulated"])
def test_lower_precisions_train_float32_weights(precision: str) -> None:
    cell = cell_of(precision=precision)
    assert parameters_to_vector(initial_network(cell, (1, 8, 8), 10).parameters()).dtype == torch.float32
    frame = train(precision=precision, epochs=20)
    exact = train(epochs=20)
    np.testing.assert_allclose(frame["test_loss"], exact["test_loss"], rtol=0.05)
    assert frame["test_loss"].equals(exact["test_loss"]) == (precision == "tf32")  # which only a GPU knows


@pytest.mark.parametrize("instructions", [["amx_bf16"], ["avx512_bf16", "avx2"]])
def test_bfloat16_needs_a_processor_that_multiplies_it(
    monkeypatch: pytest.MonkeyPatch, instructions: list[str]
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: dict.fromkeys(instructions, True))
    frame = train(precision="bfloat16", epochs=1)
    assert frame.equals(train(precision="bfloat16_emulated", epochs=1))
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {"avx512_bf16": False, "avx2": True})
    with pytest.raises(ValueError, match=r"^precision: found 'bfloat16', .*; allowed: float32, or bfloat16_emulated"):
        train(precision="bfloat16", epochs=1)


def test_protocols_are_what_the_plan_makes_of_settings() -> None:
    assert cell_of().protocol == read(
        Protocol, {key: SETTINGS[key] for key in SETTINGS if key not in ("train_sizes", "seeds")}
    )
