"""Plug-ins are found by file name, and what they ask for is understood by the configuration."""

import pytest
import yaml

from scaling import registry
from scaling.config.values import kind_of_value

KINDS = sorted(registry.PACKAGES)
CONTRACTS = {
    "datasets": {"files", "load"},
    "models": {"build", "initialise", "weight_matrices", "width", "widened"},
    "norms": {"log_norm"},
    "curves": {"points"},
    "laws": {"law"},
    "theory": {"tabulate"},
    "simulation": {"tabulate"},
    "analysis": {"tabulate"},
    "figures": {"draw"},
    "claims": set(),
}
PLUGINS = [(kind, name) for kind in KINDS for name in registry.names(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_plugins(kind: str) -> None:
    assert registry.names(kind)


@pytest.mark.parametrize(("kind", "name"), PLUGINS, ids=[f"{kind}-{name}" for kind, name in PLUGINS])
def test_a_plugin_keeps_the_contract_of_its_kind(kind: str, name: str) -> None:
    assert CONTRACTS[kind] <= set(registry.functions(kind, name))
    for words in registry.options(kind, name).values():
        kind_of_value(words)


@pytest.mark.parametrize(("kind", "key"), [("theory", "solve"), ("simulation", "simulate"), ("analysis", "answer")])
def test_every_table_is_made_by_the_configuration(kind: str, key: str) -> None:
    raw = yaml.safe_load((registry.WORKFLOW.parent / "config.yaml").read_text(encoding="utf-8"))
    assert {entry[key]["name"] for entry in raw[kind].values()} == set(registry.names(kind))


def test_an_unknown_plugin_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"norms: found 'nuclear'; allowed: .*frobenius"):
        registry.module_name("norms", "nuclear")


def test_an_option_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="OPTIONS: found 'a colour'"):
        kind_of_value("a colour")
