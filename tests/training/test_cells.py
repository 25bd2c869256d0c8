"""The plan of a grid: which cells, in which groups, measured when."""

from itertools import pairwise
from typing import Any

import pytest

from scaling.described import read, settings_of
from scaling.kinds import WrongValueError
from scaling.training.cells import LETTERS, as_written, groups_of, log_spaced, measurement_steps, model_settings, plan
from scaling.training.protocol import Augmentation, Experiment, LayerRates, Optimizer, Parametrisation, Protocol, Vary

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
    assert [model_settings(group.protocol)["hidden"] for group in groups] == [[8, 8], [8, 8], [16, 16], [16, 16]]
    assert [group.protocol.optimizer["learning_rate"] for group in groups] == [0.1, 0.01, 0.1, 0.01]
    assert groups_of("grid", vars(groups[0].protocol), as_written(groups)) == groups


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"seeds": []}, r"seeds: found \[\]; allowed: a number of seeds ≥ 1, at most 1e\+05, or a list"),
        ({"seeds": [0, -3]}, r"seeds: found \[0, -3\]; allowed: a number of seeds"),
        ({"seeds": [1, 1]}, r"seeds: found \[1, 1\]; allowed: a number of seeds"),
        ({"train_sizes": [0]}, r"train_sizes: found \[0\]; allowed: a list of different integers ≥ 1"),
        ({"batch_size": 0}, "batch_size: found 0; allowed: an integer ≥ 1"),
        ({"test_size": 0}, "test_size: found 0; allowed: an integer ≥ 1"),
        ({"epochs": 0}, "epochs: found 0; allowed: an integer ≥ 1"),
        ({"group_size": 0}, "group_size: found 0; allowed: an integer ≥ 1"),
        ({"measurements": 2}, "measurements: found 2; allowed: an integer ≥ 3"),
        ({"init_factor": 0.0}, "init_factor: found 0.0; allowed: a number > 0"),
        ({"model": {"name": "mpl"}}, "model.name: found 'mpl'; allowed: cnn, mlp"),
        ({"model": {"name": "mlp", "hidden": [0]}}, r"model.hidden: found \[0\]; allowed: a list of integers ≥ 1"),
        ({"norms": ["l3"]}, "norms: found 'l3'; allowed: frobenius, l1"),
        ({"observables": ["kernel"]}, "observables: found 'kernel'; allowed: aligned_kernel, kernel_overlap"),
        ({"optimizer": {"name": "adam", "learning_rate": -1}}, "optimizer.learning_rate: found -1; allowed: a number"),
        ({"optimizer": {"name": "adam"}}, "optimizer.learning_rate: missing; allowed: a number > 0"),
        ({"epochs": None}, "epochs: missing; allowed: an integer ≥ 1, here or in steps"),
        ({"steps": 0}, "steps: found 0; allowed: an integer ≥ 1"),
        ({"loss": "hinge"}, "loss: found 'hinge'; allowed: cross_entropy or mse"),
        ({"backend": "fast"}, "backend: found 'fast'; allowed: auto, loop or batched"),
        ({"precision": "int8"}, "precision: found 'int8'; allowed: float32, tf32"),
        ({"label_noise": -0.1}, "label_noise: found -0.1; allowed: a number ≥ 0 and < 1"),
        ({"optimizer": ADAM | {"name": "lion"}}, "optimizer.name: found 'lion'; allowed: adam, adamw or sgd"),
        ({"optimizer": ADAM | {"momentum": 0}}, "optimizer.momentum: found 0.0; allowed: only for sgd"),
        ({"optimizer": ADAM | {"name": "sgd", "momentum": -1}}, "optimizer.momentum: found -1; allowed: a number ≥ 0"),
        ({"parametrisation": {"name": "mup"}}, "parametrisation.base_width: missing; allowed: an integer ≥ 1"),
        ({"augmentation": {"blur": 1}}, "augmentation.blur: unknown key; allowed: crop_padding"),
        ({"augmentation": {"shift": -1}}, "augmentation.shift: found -1; allowed: a number ≥ 0"),
        ({"width": 0}, "width: found 0; allowed: an integer ≥ 1"),
        (
            {"vary": {"depth": [1]}},
            r"vary.depth: unknown key, did you mean width\?; allowed: width, learning_rate",
        ),
        ({"vary": {"width": []}}, r"vary.width: found \[\]; allowed: a list of different integers ≥ 1"),
        ({"vary": {"label_noise": [0.1, 0.1]}}, r"vary.label_noise: found \[0.1, 0.1\]; allowed: a list of different"),
        ({"vary": {"label_noise": [0.1, 1.0]}}, r"vary.label_noise: found \[0.1, 1.0\]; allowed: a list of different"),
        (
            {"optimizer": ADAM | {"layer_rates": {"first": 2}}},
            "optimizer.layer_rates.first: unknown key; allowed: in",
        ),
        (
            {"optimizer": ADAM | {"layer_rates": {"input": -2}}},
            "optimizer.layer_rates.input: found -2; allowed: a nu",
        ),
        ({"epoch": 5}, r"epoch: unknown key, did you mean epochs\?"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(change: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=f"^grid: {line}") as error:
        plan("grid", SETTINGS | change)
    assert "\n" not in str(error.value)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ValueError, match=r"^grid: test_size: missing; allowed: an integer ≥ 1"):
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
    protocol = Protocol(
        dataset="digits",
        model={"name": "mlp"},
        validation_size=200,
        test_size=317,
        batch_size=100,
        measurements=4,
        **change,
    )
    return measurement_steps(protocol, 250)


def test_budgets_in_epochs_and_in_updates() -> None:
    assert budget(epochs=4) == [0, 3, 6, 12]
    assert budget(steps=100) == [0, 1, 10, 100]
    assert budget(epochs=4, steps=5) == [0, 3, 6, 12]
    assert budget(epochs=4, steps=28) == [0, 3, 9, 30]  # the first whole epoch after 28 updates is the tenth


def test_every_axis_has_a_letter_in_the_names_of_groups() -> None:
    assert list(LETTERS) == [setting.name for setting in settings_of(Vary)]
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_all_mistakes_of_settings_are_found() -> None:
    with pytest.raises(WrongValueError) as error:
        read(Experiment, SETTINGS | {"seeds": 0, "epoch": 1, "optimizer": {"name": "lion"}})
    assert [mistake.place for mistake in error.value.mistakes] == [
        *(("epoch",), ("seeds",), ("optimizer", "name"), ("optimizer", "learning_rate"))
    ]


@pytest.mark.parametrize("section", [Experiment, Optimizer, Parametrisation, Augmentation, LayerRates, Vary])
def test_every_setting_has_a_meaning_and_a_default_of_its_kind(section: type) -> None:
    for setting in settings_of(section):
        assert setting.meaning
        assert setting.required or setting.default is None or setting.kind.read(setting.default) == setting.default
