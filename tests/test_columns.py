"""Columns: each has one meaning, whatever declares it, and every reference leads to one."""

from collections import defaultdict

import pytest

from scaling import columns, curves, registry
from scaling.analysis import fitted_laws
from scaling.columns import SHARED, Column, Declared
from scaling.ledger import verdicts
from scaling.training import recorded

TABLES = registry.names("tables")
DECLARATIONS: dict[str, Declared] = {
    "shared": SHARED,
    "learning curves": recorded.COLUMNS,
    "points": curves.COLUMNS,
    "parameters": fitted_laws.PARAMETER_COLUMNS,
    "predictions": fitted_laws.PREDICTION_COLUMNS,
    "ledger": verdicts.COLUMNS,
    **{
        f"{kind}/{name}": declared
        for kind in ("tables", "curves")
        for name in registry.names(kind)
        if (declared := registry.constant(kind, name, "COLUMNS")) is not None
    },
}


@pytest.mark.parametrize("place", DECLARATIONS)
def test_every_column_has_a_meaning(place: str) -> None:
    for name, column in columns.resolved(DECLARATIONS[place]).items():
        assert column.meaning, name
        assert not column.meaning.endswith("."), name


def test_no_two_declarations_of_a_column_disagree() -> None:
    found = defaultdict(set)
    for declared in DECLARATIONS.values():
        for name, what in declared.items():
            if isinstance(what, tuple):
                found[name].add(what)
    assert not {name: meanings for name, meanings in found.items() if len(meanings) > 1}


def test_what_is_shared_is_used() -> None:
    asked = {name for place, declared in DECLARATIONS.items() if place != "shared" for name in declared}
    assert SHARED.keys() - {"panel", "series"} <= asked | {"source", "experiment"}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_declares_its_columns(name: str) -> None:
    assert columns.of_plugin("tables", name).keys() == registry.load("tables", name).COLUMNS.keys()


def test_references_are_followed() -> None:
    found = columns.resolved({"alpha": "shared", "risk": "projected_risk", "time": ("steps", "how long", "never")})
    assert found["alpha"] == Column(*SHARED["alpha"])
    assert found["risk"] == Column(*registry.load("tables", "projected_risk").COLUMNS["risk"])
    assert found["time"] == Column("steps", "how long", "never")


@pytest.mark.parametrize(
    ("declared", "line"),
    [
        ({"colour": "shared"}, "COLUMNS: colour: found no meaning in shared; allowed: shared, or a table that"),
        ({"alpha": "projected_risk"}, "COLUMNS: alpha: found no meaning in projected_risk; allowed"),
        ({"alpha": "projected_risks"}, "tables: found 'projected_risks'; allowed: "),
    ],
)
def test_a_reference_to_nothing_is_refused(declared: Declared, line: str) -> None:
    with pytest.raises(ValueError, match=f"^{line}"):
        columns.resolved(declared)


def test_a_plugin_without_columns_is_named() -> None:
    with pytest.raises(ValueError, match=r"^laws: found no COLUMNS in m1; allowed: a mapping"):
        columns.of_plugin("laws", "m1")
