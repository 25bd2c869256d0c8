"""Thousands of damaged configurations: each is either checked and planned, or refused with one line of ours."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaling.config.checks import tables
from scaling.config.errors import ConfigError
from scaling.config.experiments import grid
from scaling.config.load import load, plain, written_out
from scaling.training.cells import plan

REPOSITORY = Path(__file__).resolve().parents[2]
RAW: dict[str, Any] = written_out(yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8")))
KEPT = 3  # entries of each section: fewer are quicker to check
RUNS = 4
LENGTHS = [pytest.param(0, 200), *(pytest.param(run, 1000, marks=pytest.mark.nightly) for run in range(RUNS))]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([10**6, -(10**12), 2**70, 0.5, -1.5, 1e300, float("nan"), float("inf")]),
    st.sampled_from(["", "0", "1e3", "true", "mlp", "digits", "laptop", "..", "läptop", "a: b", "x" * 300, "\n"]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["name", "smoke", "laptop", "paper", "from", "to", "count", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=5,
)
DAMAGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from(["replace", "delete", "rename", "swap", "wrap"]), VALUES),
    min_size=1,
    max_size=4,
)


def small() -> dict[str, Any]:
    """The configuration with the first entries of each section whose tables the others make."""
    chosen, made = dict(RAW), set[str]()

    def keep(section: str, *tables: str) -> None:
        entries = {
            name: read({"tables": entry} if section == "figures" else entry) for name, entry in RAW[section].items()
        }
        chosen[section] = {
            name: RAW[section][name] for name in [name for name in entries if entries[name] <= made][:KEPT]
        }
        made.update(table.format(name) for name in chosen[section] for table in tables)

    keep("training", "curves/{}/learning_curves")
    keep("theory", "theory/{}/solution")
    keep("simulation", "simulation/{}/results")
    keep("curves", "curves/{}/points")
    chosen["laws"] = {name: law for name, law in RAW["laws"].items() if law["curves"] in chosen["curves"]}
    for section in ("analysis", "figures", "claims"):
        keep(section, "analysis/{}/answer")
    return chosen


def read(entry: dict[str, Any]) -> set[str]:
    """The tables that an entry reads."""
    tables = list(entry.get("tables", {}).values())
    if isinstance(entry.get("source"), dict) and "table" in entry["source"]:
        tables.append(entry["source"]["table"])
    return {name for table in tables for name in (table.values() if isinstance(table, dict) else [table])}


SMALL = small()


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a nested value, but for the top."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, inner in items:
        found += [(*place, key), *places(inner, (*place, key))]
    return found


def damaged(raw: dict[str, Any], number: int, how: str, value: Any) -> None:
    """Do one kind of damage at the place of a number."""
    known = places(raw)
    if not known:
        return
    *above, key = known[number % len(known)]
    parent: Any = raw
    for part in above:
        parent = parent[part]
    if how == "replace":
        parent[key] = value
    elif how == "wrap":
        parent[key] = [parent[key]] if number % 2 else {"name": parent[key]}
    elif how == "swap":
        *_, other = known[(number // 7) % len(known)]
        parent[key] = other
    elif isinstance(parent, dict):
        content = parent.pop(key)
        if how == "rename":
            parent[f"{key}s"] = content
    else:
        del parent[key]


def refusal(raw: dict[str, Any]) -> str:
    """Why a configuration is refused; nothing when all that it asks for can be planned."""
    try:
        checked = load(raw)
    except ConfigError as error:
        return str(error)
    config = plain(checked)
    assert tables(checked)
    assert all(plan(name, grid(config, name)) for name in config["training"])
    return ""


@pytest.mark.parametrize(("run", "count"), LENGTHS)
def test_a_damaged_configuration_is_planned_or_refused_line_by_line(run: int, count: int) -> None:
    outcomes = {"planned": 0, "refused": 0}

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(damages=DAMAGES, seed=st.just(run))
    def try_one(damages: list[tuple[int, str, Any]], seed: int) -> None:
        raw = deepcopy(SMALL)
        for number, how, value in damages:
            damaged(raw, number * RUNS + seed, how, value)
        message = refusal(raw)
        assert all("; allowed: " in line for line in message.splitlines()), message
        outcomes["refused" if message else "planned"] += 1

    try_one()
    assert sum(outcomes.values()) >= count
    assert min(outcomes.values()) >= count // 50, outcomes
