"""Observables of training against Jacobians one by one, a small step of descent and the simulation of the kernel."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn

from scaling import registry
from scaling.training import protocol
from scaling.training.cells import Cell, plan
from scaling.training.losses import mse
from scaling.training.networks import initial_network, learning_rate_factors
from scaling.training.observables import OBSERVABLES, OVERLAP_IMAGES, Observer
from scaling.training.optimizers import Optimizer
from scaling.training.run import Run
from scaling.training.samples import Samples, pool_of, samples_of
from scaling.training.trainer import train_groups
from studies.scale_time.tables.kernels_at_start import aligned_kernel

DIGITS = registry.load("datasets", "digits").load({}, None)
POOL = pool_of(DIGITS, 1, torch.device("cpu"))
ALL = ["aligned_kernel", "kernel_overlap", "l1_kernel"]
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [6, 6]},
    "train_sizes": [40],
    "seeds": [0, 1],
    "steps": 12,
    "measurements": 4,
    "validation_size": 100,
    "test_size": 100,
    "batch_size": 20,
    "loss": "mse",
    "optimizer": {"name": "sgd", "learning_rate": 0.2},
    "norms": [],
    "observables": ALL,
}
RATES = {"name": "sgd", "learning_rate": 0.05, "layer_rates": {"input": 2, "hidden": 0.5, "output": 3, "vector": 0}}
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"name": "mlp", "hidden": [16]},
    "cnn": {"name": "cnn", "channels": [4], "pool_after": [1], "hidden": [8], "dropout": 0.3},
    "resnet": {"name": "resnet", "widths": [4], "blocks": [1]},
    "vit": {"name": "vit", "patch": 4, "width": 8, "depth": 1, "heads": 2},
}
KINDS = pytest.mark.parametrize(
    "kind",
    [
        {},
        {"parametrisation": {"name": "ntk", "base_width": 2}},
        {"parametrisation": {"name": "mup", "base_width": 2}},
        {"optimizer": RATES},
    ],
    ids=["standard", "ntk", "mup", "layer_rates"],
)


def train(**change: Any) -> pd.DataFrame:
    return train_groups(plan("test", SETTINGS | change), DIGITS)


def observed(**change: Any) -> tuple[Cell, Samples, nn.Module]:
    """A cell in double precision with its samples and its network before training."""
    cell = plan("test", SETTINGS | {"precision": "float64", "seeds": [1]} | change)[0].cells[0]
    return cell, samples_of([cell], DIGITS, POOL), initial_network(cell, (1, 8, 8), 10)


def examples(samples: Samples) -> tuple[Tensor, Tensor]:
    """Images and targets of the training set."""
    labels = samples.labels["train"][0]
    return samples.images(samples.rows["train"])[0], torch.eye(10, dtype=torch.float64)[labels] - 0.1


def gradients(network: nn.Module, x: Tensor, y: Tensor) -> list[list[Tensor]]:
    """For each image and each parameter the gradient of yᵀ f(x), image by image."""
    parameters = list(network.parameters())
    return [
        list(torch.autograd.grad((network(image[None])[0] * target).sum(), parameters))
        for image, target in zip(x, y, strict=True)
    ]


def test_every_observable_can_be_asked_for() -> None:
    assert tuple(OBSERVABLES) == protocol.OBSERVABLES


@KINDS
def test_the_aligned_kernels_are_those_of_the_jacobians(kind: dict[str, Any]) -> None:
    cell, samples, network = observed(**kind)
    x, y = examples(samples)
    totals = [torch.zeros_like(parameter) for parameter in network.parameters()]
    for image, target in zip(x, y, strict=True):
        for output in range(10):
            jacobian = torch.autograd.grad(network(image[None])[0, output], list(network.parameters()))
            for total, part in zip(totals, jacobian, strict=True):
                total += target[output] * part / len(x)
    factors = learning_rate_factors(cell.protocol, network).values()
    squares = [factor * total.square().sum().item() for factor, total in zip(factors, totals, strict=True)]
    sizes = [factor * total.abs().sum().item() for factor, total in zip(factors, totals, strict=True)]
    found, square = Observer(cell, samples).observe(network), y.square().sum(1).mean().item()
    assert found["aligned_kernel"] == pytest.approx(sum(squares) / square, rel=1e-10)
    assert found["l1_kernel"] == pytest.approx(sum(sizes) / square, rel=1e-10)


@KINDS
def test_the_outputs_along_the_targets_begin_to_grow_at_the_rate_of_the_l1_kernel_under_adam(
    kind: dict[str, Any],
) -> None:
    """Δ⟨y·f⟩ = η K₁ ⟨|y|²⟩ in the first update by Adam of gradients that are not small, here those of −⟨y·f⟩."""
    rates = kind.get("optimizer", RATES | {"layer_rates": {}})["layer_rates"]
    rate = 1e-7
    optimizer = {"name": "adam", "learning_rate": rate, "layer_rates": rates}
    cell, samples, network = observed(**(kind | {"optimizer": optimizer}))
    x, y = examples(samples)

    def along() -> Tensor:
        return (network(x) * y).sum() / len(x)

    kernel = Observer(cell, samples).observe(network)["l1_kernel"]
    updates = Optimizer(optimizer, dict(network.named_parameters()), learning_rate_factors(cell.protocol, network))
    before = along()
    (-1e6 * before).backward()
    updates.step()
    grown = (along() - before).item() / y.square().sum(1).mean().item()
    assert grown == pytest.approx(rate * kernel, rel=1e-4)


def test_one_kernel_is_not_that_of_the_network_observed_before() -> None:
    cell, samples, network = observed(observables=["l1_kernel"])
    observer = Observer(cell, samples)
    before = observer.observe(network)["l1_kernel"]
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.5)
    assert observer.observe(network)["l1_kernel"] > 1.5 * before


@KINDS
def test_the_overlap_is_that_of_the_gradients(kind: dict[str, Any]) -> None:
    cell, samples, network = observed(**kind)
    observer = Observer(cell, samples)
    assert observer.observe(network)["kernel_overlap"] == pytest.approx(1, abs=1e-12)
    x, y = (each[:OVERLAP_IMAGES] for each in examples(samples))
    factors = learning_rate_factors(cell.protocol, network).values()

    def kernel() -> np.ndarray:
        rows = [
            torch.cat([factor**0.5 * part.flatten() for factor, part in zip(factors, row, strict=True)])
            for row in gradients(network, x, y)
        ]
        matrix = torch.stack(rows).numpy()
        return np.asarray(matrix @ matrix.T)

    before = kernel()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.sin(torch.arange(parameter.numel())).reshape(parameter.shape), alpha=0.2)
    after = kernel()
    expected = (before * after).sum() / np.sqrt((before**2).sum() * (after**2).sum())
    assert expected < 0.95
    assert observer.observe(network)["kernel_overlap"] == pytest.approx(expected, rel=1e-10)


@KINDS
def test_the_loss_of_a_network_without_output_begins_to_fall_at_the_rate_of_the_kernel(kind: dict[str, Any]) -> None:
    """dL/dt = −(4/C) η K L, by the difference that one small step of full-batch descent makes."""
    cell, samples, network = observed(**kind)
    x, _ = examples(samples)
    labels = samples.labels["train"][0]
    _make_output_zero(network)
    assert network(x).abs().max() < 1e-12
    kernel = Observer(cell, samples).observe(network)["aligned_kernel"]
    rate = 1e-6
    optimizer = Optimizer(
        {"name": "sgd", "learning_rate": rate},
        dict(network.named_parameters()),
        learning_rate_factors(cell.protocol, network),
    )
    before = mse(network(x), labels)
    before.backward()
    optimizer.step()
    fall = (mse(network(x), labels) - before).item()
    assert kernel > 0.01
    assert fall == pytest.approx(-4 / 10 * rate * kernel * before.item(), rel=1e-4)


@torch.no_grad()
def _make_output_zero(network: nn.Module) -> None:
    """Let the second half of the last hidden units equal the first and enter with the opposite sign."""
    *_, hidden, _, last = network.children()
    assert isinstance(hidden, nn.Linear)
    assert isinstance(last, nn.Linear)
    half = hidden.out_features // 2
    hidden.weight[half:], hidden.bias[half:] = hidden.weight[:half], hidden.bias[:half]
    last.weight[:, half:] = -last.weight[:, :half]
    last.bias.zero_()


def test_the_aligned_kernel_is_that_of_the_simulation() -> None:
    cell, samples, network = observed()
    x, y = examples(samples)
    layers = [
        (layer.weight.detach().clone().requires_grad_(), layer.bias.detach().clone().requires_grad_())
        for layer in network.children()
        if isinstance(layer, nn.Linear)
    ]
    expected = aligned_kernel(layers, x.flatten(1), y).sum()
    assert Observer(cell, samples).observe(network)["aligned_kernel"] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", SMALL)
def test_observing_changes_nothing(name: str) -> None:
    """Neither the losses, though units are dropped and moments are kept, nor any tensor of a network or its mode."""
    optimizer = {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9}
    seen, unseen = (
        train(model=SMALL[name], optimizer=optimizer, observables=asked, backend="loop") for asked in (ALL, [])
    )
    pd.testing.assert_frame_equal(seen.drop(columns=ALL), unseen, check_exact=True)
    assert seen[ALL].notna().all(axis=None)
    assert seen.loc[seen["step"] == 0, "kernel_overlap"].to_numpy() == pytest.approx(1, abs=1e-5)
    assert (seen.loc[seen["step"] == 12, "kernel_overlap"] < 0.9999).all()

    run = Run(plan("test", SETTINGS | {"model": SMALL[name]})[0], DIGITS, POOL)
    network = next(run.backend.networks())
    network.train()
    before = {key: tensor.clone() for key, tensor in network.state_dict().items()}
    run._observers[0].observe(network)
    assert network.training
    assert all(parameter.grad is None for parameter in network.parameters())
    assert all(torch.equal(tensor, before[key]) for key, tensor in network.state_dict().items())


@pytest.mark.parametrize("name", SMALL)
def test_a_cell_is_observed_as_it_is_alone(name: str) -> None:
    together = train(model=SMALL[name], backend="loop").query("seed == 1").reset_index(drop=True)
    alone = train(model=SMALL[name], backend="loop", seeds=[1])
    pd.testing.assert_frame_equal(together.drop(columns="group"), alone.drop(columns="group"), check_exact=True)


@KINDS
def test_back_ends_observe_the_same(kind: dict[str, Any]) -> None:
    one, other, alone = (
        train(**({"precision": "float64"} | kind | change))
        for change in ({"backend": "loop"}, {"backend": "batched"}, {"backend": "batched", "seeds": [1]})
    )
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-9, atol=1e-12)
    mine = other.query("seed == 1").reset_index(drop=True).drop(columns="group")
    pd.testing.assert_frame_equal(mine, alone.drop(columns="group"), check_exact=False, rtol=1e-9, atol=1e-12)


def test_a_run_that_goes_on_observes_what_it_would_have() -> None:
    group = plan("test", SETTINGS)[0]
    straight, stopped = Run(group, DIGITS, POOL), Run(group, DIGITS, POOL)
    for run in (straight, stopped):
        run.advance(3)
    resumed = Run(group, DIGITS, POOL)
    resumed.restore(stopped.state())
    for run in (straight, resumed):
        run.advance(4)
        run.measure()
    pd.testing.assert_frame_equal(pd.DataFrame(resumed.rows), pd.DataFrame(straight.rows), check_exact=True)


def test_what_has_diverged_is_not_observed() -> None:
    last = train(optimizer={"name": "sgd", "learning_rate": 1e30}).groupby("curve").tail(1)
    assert last["diverged"].all()
    assert last[ALL].isna().all(axis=None)


def test_an_unknown_observable_is_refused() -> None:
    with pytest.raises(
        ValueError, match="test: observables: found 'kernel'; allowed: aligned_kernel, kernel_overlap, l1"
    ):
        plan("test", SETTINGS | {"observables": ["kernel"]})
