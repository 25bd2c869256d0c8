"""A configuration is either checked and resolved, or refused with one line that says what to change."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaling.config.checks import unread
from scaling.config.errors import ConfigError
from scaling.config.load import load, plain, written_out
from scaling.config.sizes import SIZES, resolved

REPOSITORY = Path(__file__).resolve().parents[2]
DIGITS = ("training", "digits_mlp")
KEYS = ("dataset", "model", "train_sizes", "seeds", "epochs")
COUNT_OR_LIST = "a number of seeds ≥ 1, at most 1e+05, or a list of different integers ≥ 0"


@pytest.fixture
def raw() -> dict[str, Any]:
    return written_out(yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8")))


def changed(raw: dict[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy of the configuration with one value set."""
    copy = deepcopy(raw)
    section = copy
    for part in place[:-1]:
        section = section[part]
    section[place[-1]] = value
    return copy


WRONG = [
    (("trainig",), {}, "trainig: unknown key, did you mean training?; allowed: size, device, curves_from, accept_archive, data, studies, datasets,"),
    ((*DIGITS, "epoch"), 3, "training.digits_mlp.epoch: unknown key, did you mean epochs?; allowed:"),
    ((*DIGITS, "epochs"), "many", "training.digits_mlp.epochs: found 'many'; allowed: an integer ≥ 1"),
    ((*DIGITS, "train_sizes"), [-40], "training.digits_mlp.train_sizes: found [-40]; allowed: a list of different integers ≥ 1"),
    ((*DIGITS, "train_sizes"), [40, 4000], "training.digits_mlp.train_sizes: found 4000; allowed: at most 1280, the train_size of digits"),
    ((*DIGITS, "seeds"), [], f"training.digits_mlp.seeds: found []; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "seeds"), -3, f"training.digits_mlp.seeds: found -3; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "seeds"), [1, 1], f"training.digits_mlp.seeds: found [1, 1]; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "seeds"), {"smoke": 1, "laptop": 2, "papre": 3}, "training.digits_mlp.seeds: found the keys smoke, laptop, papre; allowed: a plain value, or only the keys smoke, laptop, overnight, paper"),
    ((*DIGITS, "seeds"), 1e10, f"training.digits_mlp.seeds: found 10000000000.0; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "seeds"), "10000000000", f"training.digits_mlp.seeds: found '10000000000'; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "seeds"), True, f"training.digits_mlp.seeds: found True; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "epochs"), 1e30, "training.digits_mlp.epochs: found 1e+30; allowed: an integer ≥ 1, at most 1e+09"),
    ((*DIGITS, "measurements"), 1, "training.digits_mlp.measurements: found 1; allowed: an integer ≥ 3"),
    ((*DIGITS, "seeds"), None, f"training.digits_mlp.seeds: found None; allowed: {COUNT_OR_LIST}"),
    ((*DIGITS, "dataset"), None, "training.digits_mlp.dataset: found None; allowed: a text"),
    ((*DIGITS, "epochs"), True, "training.digits_mlp.epochs: found True; allowed: an integer ≥ 1"),
    ((*DIGITS, "train_sizes"), [True, 40], "training.digits_mlp.train_sizes: found [True, 40]; allowed: a list of different integers ≥ 1"),
    ((*DIGITS, "vary"), {"learning_rate": [0.1234561, 0.1234562]}, "training.digits_mlp.vary.learning_rate: found 0.1234561 and 0.1234562; allowed: values that differ in their first six digits"),
    (("theory", "perceptron_optimum", "alphas"), {"from": 1, "to": 2, "count": 2.7}, "theory.perceptron_optimum.alphas: found {'from': 1"),
    ((*DIGITS, "model", "hidden"), [1e23], "training.digits_mlp.model.hidden: found [1e+23]; allowed: a list of integers ≥ 1, each at most 1e+06"),
    (("theory", "perceptron_optimum", "alphas"), {"from": 1, "to": 2, "count": 10**12}, "theory.perceptron_optimum.alphas: found {'from': 1"),
    ((*DIGITS, "model", "hidden"), [0], "training.digits_mlp.model.hidden: found [0]; allowed: a list of integers ≥ 1"),
    ((*DIGITS, "model", "hiden"), [8], "training.digits_mlp.model.hiden: unknown key, did you mean hidden?; allowed: name, hidden"),
    ((*DIGITS, "model"), "mlp", "training.digits_mlp.model: found 'mlp'; allowed: a mapping with a name, one of "),
    ((*DIGITS, "dataset"), "digit", "training.digits_mlp.dataset: found 'digit', did you mean digits?; allowed: cifar10, cifar100, "),
    ((*DIGITS, "norms"), ["nuclear"], "training.digits_mlp.norms: found 'nuclear'; allowed: "),
    ((*DIGITS, "observables"), ["kernel"], "training.digits_mlp.observables: found 'kernel'; allowed: aligned_kernel, kernel_overlap"),
    ((*DIGITS, "optimizer", "learning_rate"), 0, "training.digits_mlp.optimizer.learning_rate: found 0; allowed: a number > 0"),
    ((*DIGITS, "optimizer", "name"), "lion", "training.digits_mlp.optimizer.name: found 'lion'; allowed: adam, adamw or sgd"),
    ((*DIGITS, "optimizer", "momentum"), 0.9, "training.digits_mlp.optimizer.momentum: found 0.9; allowed: only for sgd"),
    ((*DIGITS, "label_noise"), -0.1, "training.digits_mlp.label_noise: found -0.1; allowed: a number ≥ 0 and < 1"),
    ((*DIGITS, "batch_size"), 0, "training.digits_mlp.batch_size: found 0; allowed: an integer ≥ 1"),
    ((*DIGITS, "epochs"), None, "training.digits_mlp.epochs: missing; allowed: an integer ≥ 1, here or in steps"),
    (("device",), "gpu", "device: found 'gpu'; allowed: auto, cpu or cuda"),
    (DIGITS, None, "training.digits_mlp: found None; allowed: a mapping"),
    (("size",), "big", "size: found 'big'; allowed: smoke, laptop, overnight, paper"),
    (("laws", "digits_bnsl", "law"), {"name": "bnls", "breaks": 1}, "laws.digits_bnsl.law.name: found 'bnls'; allowed: bnsl, "),
    (("laws", "digits_bnsl", "law", "breaks"), 9, "laws.digits_bnsl.law.breaks: found 9; allowed: 0, 1, 2 or 3"),
    (("laws", "digits_bnsl", "law"), {"name": "bnsl"}, "laws.digits_bnsl.law.breaks: missing; allowed: 0, 1, 2 or 3"),
    (("laws", "digits_bnsl", "level"), float("nan"), "laws.digits_bnsl.level: found nan; allowed: a number between 0 and 1"),
    (("curves", "digits_error", "source", "at"), "end", "curves.digits_error.source.at: found 'end'; allowed: last or best"),
    (("theory", "perceptron_optimum", "alphas"), {"from": 2, "to": 1, "count": 3}, "theory.perceptron_optimum.alphas: found {'from': 2"),
    (("theory", "perceptron_optimum", "alpas"), [2], "theory.perceptron_optimum.alpas: unknown key, did you mean alphas?; allowed: name, alphas, sizes, dataset"),
    (("theory", "perceptron_optimum", "name"), None, "theory.perceptron_optimum.name: missing; allowed: "),
    (("defaults",), {"trainig": {}}, "defaults.trainig: unknown section; allowed: training, theory, simulation, curves, laws, analysis"),
    ((*DIGITS, "like"), "digits", "training.digits_mlp.like: found 'digits'; allowed: digits_"),
    ((*DIGITS, "like"), "digits_mlp", "training.digits_mlp.like: found 'digits_mlp'; allowed: digits_mlp_"),
    (("figures", "no_such_figure"), {}, "figures.no_such_figure: found 'no_such_figure'; allowed: "),
    (("claims", "A_collapse", "measure"), "gamma", "claims.A_collapse.measure: found 'gamma'; allowed: "),
    (("claims", "A_collapse", "tables", "curves"), "theory/x/solution", "claims.A_collapse.tables.curves: found 'theory/x/solution', did you mean "),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "message"), WRONG, ids=[message.split(";")[0] for _, _, message in WRONG])
def test_a_wrong_configuration_is_refused_with_one_line(
    raw: dict[str, Any], place: tuple[str, ...], value: Any, message: str
) -> None:
    with pytest.raises(ConfigError) as error:
        load(changed(raw, place, value))
    assert str(error.value).startswith(f"config.yaml: {message}")
    assert all(line.startswith("config.yaml: ") for line in str(error.value).splitlines())


def test_an_error_names_the_layer_the_value_came_from(raw: dict[str, Any]) -> None:
    mine = {"training": {"digits_mlp": {"epochs": 0}}}
    merged = changed(raw, (*DIGITS, "epochs"), 0)
    with pytest.raises(ConfigError, match=r"^mine.yaml: training.digits_mlp.epochs: found 0"):
        load(merged, {"mine.yaml": mine, "--config": {"size": "smoke"}})
    with pytest.raises(ConfigError, match=r"^--config: size: found 'huge'"):
        load({**raw, "size": "huge"}, {"mine.yaml": mine, "--config": {"size": "huge"}})


@pytest.mark.parametrize("size", SIZES)
def test_the_repository_is_valid_at_every_size(raw: dict[str, Any], size: str) -> None:
    config = plain(load({**raw, "size": size}))
    assert config["size"] == size
    assert len(config["figures"]) >= 5


def test_sizes_are_resolved_at_any_depth() -> None:
    value = {"a": [{"b": {"smoke": 1, "laptop": 2, "paper": 3}}], "paper": "A", "tables": {}}
    assert resolved(value, "laptop") == {"a": [{"b": 2}], "paper": "A", "tables": {}}


@pytest.mark.parametrize(("size", "value"), [*zip(SIZES, (2, 2, 2, 3), strict=True)])
def test_a_size_that_is_not_named_takes_the_next_smaller_one(size: str, value: int) -> None:
    assert resolved({"laptop": 2, "paper": 3}, size) == value


def test_all_mistakes_are_reported_at_once_each_with_its_file(raw: dict[str, Any]) -> None:
    wrong = changed(raw, (*DIGITS, "epochs"), "many")
    wrong = changed(wrong, ("theory", "perceptron_optimum", "alphas"), [])
    wrong = changed(wrong, ("laws", "digits_bnsl", "curves"), "digit_error")
    with pytest.raises(ConfigError) as error:
        load(wrong, {"mine.yaml": {"theory": {"perceptron_optimum": {"alphas": []}}}})
    lines = str(error.value).splitlines()
    assert [line.split(": found")[0] for line in lines] == [
        "config.yaml: training.digits_mlp.epochs",
        "mine.yaml: theory.perceptron_optimum.alphas",
        "config.yaml: laws.digits_bnsl.curves",
    ]
    assert "did you mean digits_error?" in lines[2]


def test_an_entry_says_only_what_differs_from_the_one_it_is_like(raw: dict[str, Any]) -> None:
    mine = {
        "wide": {"like": "digits_mlp", "model": {"name": "mlp", "hidden": [9]}},
        "wider": {"like": "wide", "seeds": 2},
    }
    config = load({**raw, "training": raw["training"] | mine})
    one, other = plain(config)["training"]["wider"], plain(config)["training"]["digits_mlp"]
    assert {key for key in one if one[key] != other[key]} == {"model", "seeds"}
    assert (one["model"], one["seeds"]) == ({"name": "mlp", "hidden": [9]}, [0, 1])


def test_entries_that_are_like_each_other_are_refused(raw: dict[str, Any]) -> None:
    mine = {"one": {"like": "other"}, "other": {"like": "one"}}
    with pytest.raises(ConfigError, match=r"training\.one\.like: found 'one'"):
        load({**raw, "training": raw["training"] | mine})


def test_defaults_count_below_what_an_entry_says_or_is_like(raw: dict[str, Any]) -> None:
    defaults = {"training": {"batch_size": 7, "pooling": 2}}
    mine = {"own": {"like": "digits_mlp"}, "bare": {key: raw["training"]["digits_mlp"][key] for key in KEYS}}
    config = load({**raw, "defaults": defaults, "training": raw["training"] | mine})
    assert (config.training["bare"].batch_size, config.training["bare"].pooling) == (7, 2)
    assert (config.training["own"].batch_size, config.training["own"].pooling) == (128, 2)


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_of_the_repository_is_read(raw: dict[str, Any], size: str) -> None:
    assert unread(load({**raw, "size": size})) == []


def test_entries_that_nothing_reads_are_named(raw: dict[str, Any]) -> None:
    mine = changed(raw, ("training", "own"), {"like": "digits_mlp"})
    mine = changed(mine, ("theory", "own"), {"like": "perceptron_optimum"})
    mine = changed(mine, ("curves", "own"), {"source": {"name": "addition", "fit_points": 9}})
    assert unread(load(mine)) == ["training.own", "theory.own", "curves.own"]
    read = changed(mine, ("laws", "own"), {"like": "digits_power_law", "curves": "own"})
    assert unread(load(read)) == ["training.own", "theory.own", "laws.own"]


def test_numbers_and_flags_may_arrive_as_text(raw: dict[str, Any]) -> None:
    texts = {"epochs": "7", "seeds": "3", "init_factor": "0.5", "standardise": "false"}
    for key, text in texts.items():
        raw = changed(raw, (*DIGITS, key), text)
    training = load(raw).training["digits_mlp"]
    assert (training.epochs, training.seeds, training.init_factor, training.standardise) == (7, [0, 1, 2], 0.5, False)


def test_an_experiment_of_another_size_takes_along_what_is_made_from_it(raw: dict[str, Any]) -> None:
    config = load(changed({**raw, "size": "smoke"}, (*DIGITS, "sizes"), ["paper"]))
    assert "digits_mlp" not in config.training
    assert "digits_error" not in config.curves
    assert "digits_power_law" not in config.laws
    assert not {name for name in config.figures if name.startswith("digits")}
    assert {"perceptron_scaling_laws", "addition_extrapolation"} <= config.figures.keys()
    assert "digits_data_exponent" in config.claims
