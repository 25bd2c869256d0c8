"""Plug-ins are found by file name, and what they ask for is understood by the configuration."""

import pytest

from scaling import registry, rooms
from scaling.config import studies
from scaling.kinds import kind_of

KINDS = registry.KINDS
CONTRACTS = {
    "datasets": {"files", "load"},
    "models": {"build", "initialise", "weight_matrices", "width", "widened"},
    "norms": {"log_norm"},
    "curves": {"points"},
    "laws": {"law"},
    "tables": {"tabulate"},
    "figures": {"draw"},
    "measures": set(),
}
PLUGINS = [(kind, name) for kind in KINDS for name in registry.names(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_plugins(kind: str) -> None:
    assert registry.names(kind)


@pytest.mark.parametrize(("kind", "name"), PLUGINS, ids=[f"{kind}-{name}" for kind, name in PLUGINS])
def test_a_plugin_keeps_the_contract_of_its_kind(kind: str, name: str) -> None:
    assert CONTRACTS[kind] <= set(registry.functions(kind, name))
    options, defaults = registry.options(kind, name), registry.defaults(kind, name)
    assert defaults.keys() <= options.keys()
    for key, declared in options.items():
        assert key not in defaults or kind_of(declared).read(defaults[key]) == defaults[key]


def test_every_table_is_made_by_an_experiment() -> None:
    sections = studies.gather(list(rooms.studies())).sections
    made = {
        entry.get("name") for section in ("theory", "simulation", "analysis") for entry in sections[section].values()
    }
    assert made - {None} == set(registry.names("tables"))


def test_an_unknown_plugin_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"norms: found 'nuclear'; allowed: .*frobenius"):
        registry.module_name("norms", "nuclear")


def test_parameters_are_read_from_the_source() -> None:
    assert registry.parameters("figures", "dynamical_exponents", "draw") == ["tables", "published"]
    assert registry.parameters("figures", "clocks", "draw") == ["tables"]
    with pytest.raises(ValueError, match="figures: found no function paint in clocks"):
        registry.parameters("figures", "clocks", "paint")
