"""YAML is data: every file is read whole, or refused at once with one line, and nothing in it is run."""

from pathlib import Path

import pytest
import yaml

from scaling.config.errors import ConfigError
from scaling.config.load import load
from scaling.config.yaml_files import DEEPEST, MOST, load_yaml, parsed

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = sorted(REPOSITORY.glob("workflow/studies/*/*.yaml"))
TEN = ",".join(10 * ["x"])
BOMB = f"a0: &a0 [{TEN}]\n" + "".join(f"a{n}: &a{n} [{','.join(10 * [f'*a{n - 1}'])}]\n" for n in range(1, 30))
LAUGHS = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{','.join(10 * [f'*a{n - 1}'])}]}}\n" for n in range(1, 30))


@pytest.mark.parametrize("path", [REPOSITORY / "config.yaml", *ROOMS], ids=lambda path: path.parent.name + path.stem)
def test_files_are_read_as_the_library_reads_them(path: Path) -> None:
    assert load_yaml(path) == yaml.safe_load(path.read_text(encoding="utf-8"))


def test_keys_are_texts_and_values_have_their_types() -> None:
    content = parsed("\ufeff{1: 1, no: no, 2.5: x, ~: ~, base: &base {a: 1, b: 2}, other: {<<: *base, b: 3}}")
    assert content == {
        **{"1": 1, "no": False, "2.5": "x", "~": None},
        **{"base": {"a": 1, "b": 2}, "other": {"a": 1, "b": 3}},
    }


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_has_an_end(opening: str) -> None:
    assert parsed(f"x: {'[' * (DEEPEST - 1)}{']' * (DEEPEST - 1)}")
    with pytest.raises(ValueError, match=f"line [12]: found more than {DEEPEST} lists and mappings inside each other"):
        parsed(f"x:\n  {opening * 10_000}")


@pytest.mark.parametrize("text", [BOMB, LAUGHS], ids=["lists", "merged"])
def test_aliases_that_explode_are_refused_before_they_do(text: str) -> None:
    with pytest.raises(ValueError, match=rf"line \d: found more than {MOST:,} values"):
        parsed(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &a {b: *a}", "line 1: found a inside itself"),
        ("x: 1\nx: 2", "line 2: found the key 'x' again"),
        ("x:\n  y: 1\n  'y': 2", "line 3: found the key 'y' again"),
        ("? [a, b]\n: 1", "line 1: found a key that is no text"),
        ("a: &a 1\n*a : 2", "line 2: found a key that is no text"),
        ("a: !!python/object/apply:os.system [date]", "line 1: could not determine a constructor"),
        ("a: 2020-13-45", "month must be in 1..12"),
        ("a: " + "9" * 5000, "Exceeds the limit"),
        ("a: [1", "line 2: did not find expected"),
        ("a: \x00", "unacceptable character|control characters"),
        ("a: *nowhere", "line 1: found undefined alias"),
        ("a: 1\n---\nb: 2", "line 2: but found another document"),
    ],
)
def test_what_is_no_data_is_refused_with_its_line(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=problem):
        parsed(text)
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine.yaml: the whole file: .*; allowed: a readable YAML file") as error:
        load_yaml(tmp_path / "mine.yaml")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file or directory"), (b"", "Is a directory"), (b"\xff\xfe\x00", "invalid start byte")],
)
def test_why_a_file_cannot_be_read_is_said(content: bytes | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    if content:
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    with pytest.raises(ConfigError, match=reason):
        load_yaml(path)


NAMES = {"my-digits": True, "digits_2": True, "7": True, "x" * 100: True}
NO_NAMES = ["a b", "../x", "x/y", "x{y}", "x.y", "", "-x", "_x", "é", "x\ny", "$(x)", "x" * 101]


@pytest.mark.parametrize(("name", "allowed"), [*NAMES.items(), *((name, False) for name in NO_NAMES)])
@pytest.mark.parametrize("section", ["datasets", "training", "theory", "simulation", "curves", "laws", "analysis"])
def test_names_that_become_paths_have_one_pattern(section: str, name: str, allowed: bool) -> None:
    with pytest.raises(ConfigError) as error:
        load({section: {name: {"nonsense": 1}}})
    is_refused = "; allowed: letters, digits, _ and -, a letter or digit first, at most 100 in all" in str(error.value)
    assert is_refused != allowed
    assert all("; allowed: " in line for line in str(error.value).split("\n"))
