"""Kinds of values: each takes what its words say, in its own type, and refuses all else with one line."""

from typing import Any

import pytest

from scaling.kinds import KINDS, SEEDS, Mistake, WrongValueError, kind_of, several_of, unknown_key

FITTING: list[tuple[Any, Any, Any]] = [
    ("text", "a b", "a b"),
    ("flag", "False", False),
    ("flag", True, True),
    ("number", "-1e-3", -0.001),
    ("positive", 1, 1.0),
    ("nonnegative", 0, 0.0),
    ("share", 0, 0.0),
    ("fraction", "0.5", 0.5),
    ("integer", "-2", -2),
    ("whole", "0", 0),
    ("count", 3.0, 3),
    ("layers", [8, 8], [8, 8]),
    ("layers", [], []),
    ("counts", ["8", 4], [8, 4]),
    ("grid", {"from": 1, "to": 100, "count": 3}, [1.0, 10.0, 100.0]),
    ("grid", [2, 2.5], [2.0, 2.5]),
    ("seeds", 3, [0, 1, 2]),
    ("seeds", "2", [0, 1]),
    ("seeds", [4, 0], [4, 0]),
    (("last", "best"), "best", "best"),
    ((0, 1, 2), "1", 1),
]
WRONG: list[tuple[Any, Any]] = [
    *(("text", value) for value in ("", 3, None)),
    *(("flag", value) for value in ("maybe", 2, None)),
    *(("number", value) for value in (float("nan"), "many", True, [1])),
    *(("positive", value) for value in (0, -1, float("inf"))),
    *(("nonnegative", value) for value in (-1e-9, None)),
    *(("share", value) for value in (1, -0.1)),
    *(("fraction", value) for value in (0, 1)),
    *(("integer", value) for value in (0.5, True, "x", None)),
    *(("whole", value) for value in (-1, 0.5, True)),
    *(("count", value) for value in (0, "1.5", "x", float("inf"))),
    *(("layers", value) for value in ([0], 8, "8")),
    *(("counts", value) for value in ([], [8, 8], [8, -1], {8, 4})),
    *(("grid", value) for value in ([], [0.0], {"from": 2, "to": 1, "count": 3}, {"from": 1, "to": 2}, 5)),
    *(("seeds", value) for value in (0, -3, [], [1, 1], [-1], None)),
    *((("last", "best"), value) for value in ("end", None, ["last"])),
    *(((0, 1, 2), value) for value in (3, True, "one")),
]


@pytest.mark.parametrize(("kind", "value", "expected"), FITTING)
def test_a_value_is_read_in_the_type_of_its_kind(kind: Any, value: Any, expected: Any) -> None:
    found = kind_of(kind).read(value)
    assert found == expected
    assert type(found) is type(expected)
    assert kind_of(kind).read(found) == found


@pytest.mark.parametrize(("kind", "value"), WRONG, ids=str)
def test_a_wrong_value_is_refused_with_the_words_of_its_kind(kind: Any, value: Any) -> None:
    with pytest.raises(WrongValueError) as error:
        kind_of(kind).read(value)
    assert str(error.value).endswith(f"; allowed: {kind_of(kind).words}")
    assert "\n" not in str(error.value)


def test_every_kind_is_tried() -> None:
    for cases in (FITTING, WRONG):
        assert {kind for kind, *_ in cases if isinstance(kind, str)} == KINDS.keys()


def test_mistakes_say_where_they_are() -> None:
    norms = several_of("norms", lambda: ["l1", "frobenius"])
    with pytest.raises(WrongValueError, match=r"^found 'nuclear'; allowed: l1, frobenius$") as error:
        norms.read(["l1", "nuclear"])
    assert str(error.value.at("training", "norms")) == "training.norms: found 'nuclear'; allowed: l1, frobenius"
    with pytest.raises(WrongValueError, match=f"^found 'l1'; allowed: {norms.words}$"):
        norms.read("l1")


def test_the_key_that_was_meant_is_named() -> None:
    assert unknown_key("sede", ["seeds", "size"]) == Mistake(
        ("sede",), "unknown key, did you mean seeds?", "seeds, size"
    )
    assert unknown_key("x", ["seeds"]).found == "unknown key"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="OPTIONS: found 'colour'; allowed: a tuple of choices, text, flag"):
        kind_of("colour")
    assert kind_of("seeds") is SEEDS
