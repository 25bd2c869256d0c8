"""The plan of a grid: which cells, in which groups, measured when."""

from itertools import pairwise
from typing import Any

import pytest

from scaling.training.cells import Protocol, as_written, groups_of, log_spaced, measurement_steps, plan

ADAM = {"name": "adam", "learning_rate": 1e-3}
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [128, 128]},
    "train_sizes": [40, 1280],
    "seeds": list(range(20)),
    "epochs": 250,
    "validation_size": 200,
    "test_size": 317,
}


def test_groups_hold_one_train_size_and_a_chunk_of_seeds() -> None:
    groups = plan("digits_mlp", SETTINGS)
    assert [group.name for group in groups] == ["p0040-s00", "p0040-s01", "p1280-s00", "p1280-s01"]
    assert [[cell.seed for cell in group.cells] for group in groups[:2]] == [list(range(16)), list(range(16, 20))]
    assert {cell.train_size for cell in groups[2].cells} == {1280}
    assert len(plan("digits_mlp", SETTINGS | {"group_size": 5})) == 8


def test_more_seeds_and_train_sizes_leave_the_whole_groups_as_they_were() -> None:
    before = {group.name: group for group in plan("digits_mlp", SETTINGS)}
    after = plan("digits_mlp", SETTINGS | {"seeds": list(range(30)), "train_sizes": [40, 80, 1280]})
    assert all(before[group.name] == group for group in after if group.name in ("p0040-s00", "p1280-s00"))


def test_every_combination_of_what_varies_is_trained() -> None:
    vary = {"width": [8, 16], "learning_rate": [0.1, 0.01]}
    groups = plan("grid", SETTINGS | {"vary": vary, "seeds": [0], "train_sizes": [40]})
    assert [group.name for group in groups] == [
        *("w0008-r0.1-p0040-s00", "w0008-r0.01-p0040-s00", "w0016-r0.1-p0040-s00", "w0016-r0.01-p0040-s00")
    ]
    assert [group.protocol.model_settings["hidden"] for group in groups] == [[8, 8], [8, 8], [16, 16], [16, 16]]
    assert [group.protocol.optimizer["learning_rate"] for group in groups] == [0.1, 0.01, 0.1, 0.01]
    assert groups_of("grid", vars(groups[0].protocol), as_written(groups)) == groups


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"seeds": []}, r"grid: seeds: found \[\]; allowed: one or more different integers ≥ 0"),
        ({"seeds": [0, -3]}, r"grid: seeds: found \[0, -3\]; allowed"),
        ({"seeds": [1, 1]}, r"grid: seeds: found \[1, 1\]; allowed"),
        ({"train_sizes": [0]}, r"grid: train_sizes: found \[0\]; allowed"),
        ({"batch_size": 0}, "grid: batch_size: found 0; allowed: integers ≥ 1"),
        ({"test_size": 0}, "grid: test_size: found 0; allowed: integers ≥ 1"),
        ({"epochs": 0}, "grid: epochs: found 0; allowed"),
        ({"group_size": 0}, "grid: group_size: found 0; allowed"),
        ({"measurements": 1}, "grid: measurements: found 1; allowed: integers ≥ 3"),
        ({"init_factor": 0.0}, "grid: init_factor: found 0.0; allowed: numbers > 0"),
        ({"optimizer": {"name": "adam", "learning_rate": -1}}, "optimizer: learning_rate: found -1; allowed"),
        ({"optimizer": {"name": "adam"}}, "optimizer: learning_rate: found 0; allowed"),
        ({"epochs": None}, "grid: epochs, steps: found neither; allowed: one of them, or both"),
        ({"steps": 0}, "grid: steps: found 0; allowed: integers ≥ 1"),
        ({"loss": "hinge"}, "grid: loss: found 'hinge'; allowed: cross_entropy, mse"),
        ({"backend": "fast"}, "grid: backend: found 'fast'; allowed: auto, loop, batched"),
        ({"precision": "int8"}, "grid: precision: found 'int8'; allowed: float32, tf32"),
        ({"label_noise": -0.1}, "grid: label_noise: found -0.1; allowed: numbers ≥ 0 and < 1"),
        ({"optimizer": {"name": "lion", "learning_rate": 1}}, "grid: optimizer: found 'lion'; allowed: adam, adamw"),
        ({"optimizer": {"name": "adam", "learning_rate": 1, "momentum": 0}}, "optimizer: adam: found 'momentum'"),
        ({"optimizer": {"name": "sgd", "learning_rate": 1, "momentum": -1}}, "optimizer: momentum: found -1"),
        ({"parametrisation": {"name": "mup"}}, "grid: parametrisation: base_width: found 0; allowed: integers ≥ 1"),
        ({"augmentation": {"blur": 1}}, "grid: augmentation: found 'blur'; allowed: crop_padding"),
        ({"augmentation": {"shift": -1}}, "grid: augmentation: shift: found -1; allowed: numbers ≥ 0"),
        ({"width": 0}, "grid: width: found 0; allowed: integers ≥ 1"),
        (
            {"vary": {"depth": [1]}},
            "grid: vary: found 'depth'; allowed: width, learning_rate, label_noise, init_factor",
        ),
        ({"vary": {"width": []}}, r"grid: vary: width: found \[\]; allowed: one or more different numbers"),
        ({"vary": {"label_noise": [0.1, 0.1]}}, r"grid: vary: label_noise: found \[0.1, 0.1\]; allowed"),
        ({"vary": {"label_noise": [0.1, 1.0]}}, "grid: label_noise: found 1.0; allowed"),
        ({"optimizer": ADAM | {"layer_rates": {"first": 2}}}, "layer_rates: found 'first'; allowed: input, hidden"),
        ({"optimizer": ADAM | {"layer_rates": {"input": -2}}}, "layer_rates: input: found -2; allowed: numbers ≥ 0"),
        ({"epoch": 5}, "grid: found the unknown key epoch; allowed: augmentation, backend, batch_size"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(change: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=line) as error:
        plan("grid", SETTINGS | change)
    assert "\n" not in str(error.value)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ValueError, match="grid: found no test_size"):
        plan("grid", {key: value for key, value in SETTINGS.items() if key != "test_size"})


@pytest.mark.parametrize("epochs", [1, 2, 40, 250, 500])
def test_measurements_begin_at_zero_end_at_the_last_epoch_and_are_log_spaced(epochs: int) -> None:
    measured = log_spaced(epochs, 30)
    assert measured[0] == 0
    assert measured[-1] == epochs
    assert measured == sorted(set(measured))
    assert len(measured) <= 30
    ratio = epochs ** (1 / 28)
    assert all(b - a <= max(1, a * (ratio - 1) + 1) for a, b in pairwise(measured[1:]))


@pytest.mark.parametrize("epochs", [250, 500])
def test_long_runs_are_measured_25_to_30_times(epochs: int) -> None:
    assert 25 <= len(log_spaced(epochs, 30)) <= 30


def budget(**change: Any) -> list[int]:
    protocol = Protocol("digits", {"name": "mlp"}, 200, 317, batch_size=100, measurements=4, **change)
    return measurement_steps(protocol, 250)


def test_budgets_in_epochs_and_in_updates() -> None:
    assert budget(epochs=4) == [0, 3, 6, 12]
    assert budget(steps=100) == [0, 1, 10, 100]
    assert budget(epochs=4, steps=5) == [0, 3, 6, 12]
    assert budget(epochs=4, steps=28) == [0, 3, 9, 30]  # the first whole epoch after 28 updates is the tenth
