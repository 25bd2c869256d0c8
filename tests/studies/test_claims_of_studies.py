"""Every claim can be read alone and repeats no number; every measure is used by a claim and tested."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaling import rooms
from scaling.config import studies
from scaling.config.load import load, plain
from scaling.ledger import measures

TESTS = Path(__file__).resolve().parent
STUDIES = [name for name, folder in rooms.studies().items() if (folder / studies.CLAIMS).is_file()]
WRITTEN: dict[str, dict[str, Any]] = studies.gather(STUDIES).sections["claims"]
CONFIG = plain(load(yaml.safe_load((rooms.REPOSITORY / "config.yaml").read_text(encoding="utf-8"))))
CLAIMS = {name: claim for name, claim in CONFIG["claims"].items() if claim["study"] in STUDIES}
LEANS_ON_ANOTHER = re.compile(
    r"^(so|nor|it|they|these|those|their|its|this) |\bthe same (for|with|ratio|slope)\b|\bso do(es)?\b"
)
NUMBER = r"(?<![\w.^₀-₉])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"


def numbers_of(claim: dict[str, Any]) -> set[float]:
    """The numbers a statement can be filled with: those of options, and the published one unless it is 0 or ±1."""
    options = claim["measure"].items() if isinstance(claim["measure"], dict) else ()
    found = {float(value) for _, value in options if isinstance(value, int | float) and not isinstance(value, bool)}
    published = {float(claim["published"])} if claim.get("published") is not None else set()
    return found | published - {-1.0, 0.0, 1.0}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_statement_types_no_number_that_it_can_be_filled_with(name: str) -> None:
    typed = {float(number) for number in re.findall(NUMBER, WRITTEN[name]["statement"])}
    assert not typed & numbers_of(WRITTEN[name])


@pytest.mark.parametrize("name", CLAIMS)
def test_a_statement_can_be_read_alone(name: str) -> None:
    statement = CLAIMS[name]["statement"]
    assert not LEANS_ON_ANOTHER.search(statement)
    assert not re.search(r"[{}]|\n|  ", statement)


def test_no_two_claims_of_a_paper_say_the_same() -> None:
    said = [(claim["paper"], claim["statement"]) for claim in CLAIMS.values()]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("study", STUDIES)
def test_every_measure_is_used_by_a_claim(study: str) -> None:
    used = {claim["measure"]["name"] for claim in CLAIMS.values() if claim["study"] == study}
    assert used == measures.of_study(study).keys()


@pytest.mark.parametrize("study", STUDIES)
def test_every_measure_is_called_by_a_test(study: str) -> None:
    """By `measure("study.name", …)` in a file of the study's tests."""
    called = set()
    for path in (TESTS / study).glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="measure"), args=[ast.Constant(value=str(place)), *_]):
                    called.add(place.removeprefix(f"{study}."))
    assert called >= measures.of_study(study).keys()
