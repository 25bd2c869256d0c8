"""Every number leads home: to its statement, tables, entries, code, inputs and the command that makes it again."""

import re
from argparse import Namespace
from pathlib import Path

import pytest

from scaling import rooms
from scaling.commands import _experiments, explain
from scaling.ledger.lineage import Entry
from scaling.ledger.making import MAKERS, code_of, products_of, written_in

CONFIG = _experiments.configuration(Namespace(size="smoke", configfile=[]))


@pytest.mark.parametrize("section", explain.SECTIONS)
def test_every_entry_can_be_explained(section: str) -> None:
    for name in CONFIG[section]:
        entry = Entry(section, name)
        assert len(list(explain.lines(CONFIG, entry))) >= 5
        assert all((rooms.REPOSITORY / path).is_file() for path in code_of(CONFIG, entry))
        path, _, line = written_in(CONFIG, entry).partition(":")
        written = (rooms.REPOSITORY / path).read_text(encoding="utf-8").splitlines()[int(line) - 1].split(":")[0]
        assert re.fullmatch(re.sub(r"\{\w+\}", r"\\w+", written.strip(' "')), name)


@pytest.mark.parametrize(
    ("what", "entry"),
    [
        ("A_early_exponent", ("claims", "A_early_exponent")),
        ("perceptron_scaling_laws", ("figures", "perceptron_scaling_laws")),
        ("theory/perceptron_curves/solution", ("theory", "perceptron_curves")),
        ("curves/digits_mlp/learning_curves.parquet", ("training", "digits_mlp")),
        ("training/digits_mlp/000.parquet", ("training", "digits_mlp")),
        ("laws/digits_bnsl/predictions.parquet", ("laws", "digits_bnsl")),
        ("figures/plateau/plateau.pdf", ("figures", "plateau")),
        ("datasets/digits/images.npz", ("datasets", "digits")),
        ("digits_cnn", ("training", "digits_cnn")),
    ],
)
def test_names_places_and_files_are_understood(what: str, entry: tuple[str, str]) -> None:
    assert explain.found(CONFIG, what) == entry


def test_a_claim_leads_from_its_statement_to_seeds_and_code() -> None:
    text = "\n".join(explain.lines(CONFIG, Entry("claims", "digits_data_exponent")))
    for part in (
        "statement  ",
        "not measured yet",
        "laws.digits_power_law",
        "curves.digits_error",
        "training.digits_mlp",
        "workflow/scaling/models/mlp.py",
        "images of digits",
        "seeds 0 to 2",
        "again: envs/run snakemake --cores all --config size=smoke -- results/smoke/claims/implicit_bias.csv",
    ):
        assert part in text


def test_a_name_that_stands_for_nothing_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(ValueError, match=r"found 'perceptron_scaling_law'; allowed: .*perceptron_scaling_laws"):
        explain.found(CONFIG, "perceptron_scaling_law")


def test_makers_are_the_rules() -> None:
    """The scripts and products of each section are those of a rule of the workflow."""
    rules = "\n".join(path.read_text(encoding="utf-8") for path in Path(rooms.WORKFLOW, "rules").glob("*.smk"))
    blocks = re.split(r"^ *rule \w+:$", rules, flags=re.MULTILINE)
    for section, (script, _, products) in MAKERS.items():
        written = [product.replace("{name}", "{{entry}}").replace("{study}", "{{study}}") for product in products]
        made = [block for block in blocks if all(f"{{RESULTS}}/{product}" in block for product in written)]
        assert made, section
        assert section == "training" or any(f"../scripts/{script}" in block for block in made)


def test_products_lie_below_the_size() -> None:
    assert products_of(CONFIG, Entry("claims", "A_collapse")) == ["results/smoke/claims/implicit_bias.csv"]
