"""Captions are filled from the configuration; at every size every place in them is there."""

import re
from typing import Any

import pytest
import yaml

from scaling import registry, rooms
from scaling.config.load import load, plain
from scaling.ledger.captions import filled

CONFIG: dict[str, Any] = {
    "training": {"grid": {"seeds": [0, 1, 2], "optimizer": {"learning_rate": 0.05}, "widths": [4, 16, 64]}},
    "simulation": {"walks": {"dataset": None, "tabulate": {"seeds": 60, "init_scale": 1e-6, "rates": [0.5, -2.0]}}},
    "theory": {"curve": {"tabulate": {"name": "walk_expected", "draws": 3000000, "steps": 16384}}},
    "laws": {"power": {"level": 0.95, "law": {"breaks": 1}}},
}
RAW = yaml.safe_load((rooms.REPOSITORY / "config.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("template", "caption"),
    [
        ("Means of {training.grid.seeds} seeds.", "Means of 3 seeds."),
        ("Rate {training.grid.optimizer.learning_rate},\n  two\tlines", "Rate 0.05, two lines"),
        ("Widths {training.grid.widths}", "Widths 4, 16, 64"),
        ("{simulation.walks.seeds} walks, σ = {simulation.walks.init_scale}", "60 walks, σ = 10⁻⁶"),
        ("η = {simulation.walks.rates}", "η = 0.5, −2"),
        ("{theory.curve.name}: {theory.curve.draws} of {theory.curve.steps}", "walk_expected: 3·10⁶ of 16384"),
        ("{laws.power.level:%} intervals, {laws.power.level:.1f}", "95 % intervals, 0.9"),
        ("n = {laws.power.law.breaks}, {{as is}}", "n = 1, {as is}"),
    ],
)  # fmt: skip
def test_a_caption_is_filled_with_values_of_the_configuration(template: str, caption: str) -> None:
    assert filled("plot", template, CONFIG) == caption


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{training.grid.seed}", r"found \{training\.grid\.seed\}; allowed in place of seed: seeds"),
        ("{laws.pwer.level:%}", r"found \{laws\.pwer\.level\}; allowed in place of pwer: power"),
        ("{training.grid.seeds.first}", r"found .*; allowed in place of first: nothing"),
        ("{laws.power.law}", r"found .*; allowed: the path of a number, a text or a list"),
        ("{simulation.walks.dataset}", r"found .*; allowed: the path of a number, a text or a list"),
        ("{laws.power.level:days}", "."),
        ("{laws.power.level", "."),
        ("{}", "."),
    ],
)
def test_a_place_at_which_nothing_stands_is_refused_with_one_line(template: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^figures\.plot: its caption: .*{message}") as error:
        filled("plot", template, CONFIG)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("size", ["smoke", "laptop", "paper"])
def test_every_figure_has_a_caption_that_can_be_filled(size: str) -> None:
    config = plain(load({**RAW, "size": size}))
    for figure in config["figures"]:
        template = registry.constant("figures", figure, "CAPTION")
        caption = filled(figure, template, config)
        assert caption.endswith(".")
        assert not re.search(r"[{}\n]|  ", caption)


def test_captions_say_what_the_size_draws() -> None:
    template = registry.constant("figures", "double_descent_epoch_model_data", "CAPTION")
    said = {}
    for size in ("smoke", "laptop"):
        config = plain(load({**RAW, "size": size}))
        said[size] = filled("double_descent_epoch_model_data", template, config)
        draws = config["simulation"]["linear_epoch_wise"]["tabulate"]["draws"]
        assert f"means of {draws} simulations" in said[size]
    assert said["smoke"] != said["laptop"]
