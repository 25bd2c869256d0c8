"""Configuration files that are no data, through Snakemake: one line, at once, and nothing in them is run."""

from pathlib import Path
from typing import Any

import pytest

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{number}: &a{number} [{', '.join(10 * [f'*a{number - 1}'])}]\n" for number in range(1, 12)
)
PROGRAM = '__use_yte__: true\nsize: ?open("executed", "w").write("") or "smoke"\n'
TAGGED = 'size: !!python/object/apply:os.system ["touch executed"]\n'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PROGRAM, "found __use_yte__; allowed: plain YAML, from which nothing is run"),
        (TAGGED, "line 1: could not determine a constructor"),
        (BOMB, "line 6: found more than 1,000,000 values"),
        (f"training: {'[' * 10_000}", "line 1: found more than 40 lists and mappings inside each other"),
        ("training: &training {digits: *training}", "line 1: found training inside itself"),
        ("size: smoke\nsize: laptop\n", "line 2: found the key 'size' again"),
        ("training:\n\tsize: smoke\n", "line 2: found character that cannot start any token"),
    ],
    ids=["program", "tagged", "bomb", "deep", "endless", "twice", "tab"],
)
def test_a_file_that_is_no_data_is_one_line(copy: Any, content: str, reason: str) -> None:
    (copy.folder / "mine.yaml").write_text(content)
    done = copy.snakemake("--dry-run", "--configfile", "mine.yaml")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith(f"mine.yaml: {reason}")
    assert not (copy.folder / "executed").exists()


def test_the_configuration_of_the_repository_and_a_profile_are_data_too(copy: Any) -> None:
    for name in ("config.yaml", "workflow/profiles/default/config.yaml"):
        with copy.edited(name, "", "__use_yte__: true\n"):
            done = copy.snakemake("--dry-run")
        assert done.returncode == 1
        assert (
            done.stderr.strip()
            .splitlines()[-1]
            .endswith(f"{name}: found __use_yte__; allowed: plain YAML, from which nothing is run")
        )


def test_names_with_hyphens_flow_through_and_others_are_refused(copy: Any) -> None:
    mine = copy.folder / "mine.yaml"
    mine.write_text(
        "datasets: {my-digits: {source: {name: digits}, train_size: 900, validation_size: 200, test_size: 317}}"
    )
    image = Path("results/smoke/datasets/my-digits/images.npz")
    done = copy.snakemake("--cores", "1", str(image), "--configfile", "mine.yaml")
    assert done.returncode == 0, done.stderr
    assert (copy.folder / image).is_file()
    mine.write_text(mine.read_text().replace("my-digits", "my digits"))
    done = copy.snakemake("--cores", "1", str(image), "--configfile", "mine.yaml")
    expected = "/mine.yaml: datasets.my digits: found a name that is none; allowed: letters, digits, _ and -"
    assert expected in done.stderr.strip().splitlines()[-1]
