"""Studies are found by name, in this repository or elsewhere, and imported from their own folder."""

import importlib
from pathlib import Path

import pytest

from scaling import registry, rooms

OWN = {"broken_laws", "implicit_bias", "scale_time", "synthesis", "two_layer_networks"}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions of a study, and no study known but those of this repository."""
    monkeypatch.setenv(rooms.VARIABLE, "")
    for version, number in (("old", 1), ("new", 2)):
        for name in ("asked", f"about_{version}"):
            folder = tmp_path / version / name
            (folder / "tables").mkdir(parents=True)
            (folder / rooms.EXPERIMENTS).write_text("title: mine\n")
        (tmp_path / version / "asked/tables/answers.py").write_text(f"NUMBER = {number}\n")
    return tmp_path


def test_the_studies_of_this_repository_are_always_there(elsewhere: Path) -> None:
    assert rooms.studies().keys() == OWN
    rooms.add([elsewhere / "new/asked"])
    assert rooms.studies().keys() == OWN | {"asked"}
    rooms.add([])
    assert rooms.studies().keys() == OWN


def test_a_study_is_imported_from_its_own_folder_and_not_from_one_beside_another(elsewhere: Path) -> None:
    rooms.add([elsewhere / "old/about_old", elsewhere / "new/asked"])
    assert registry.file("tables", "answers") == elsewhere / "new/asked/tables/answers.py"
    assert importlib.import_module(registry.module_name("tables", "answers")).NUMBER == 2


def test_a_path_is_seen_from_the_working_directory(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(elsewhere / "new")
    rooms.add([Path("asked")])
    monkeypatch.chdir("/")
    assert rooms.studies()["asked"] == elsewhere / "new/asked"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "studies: found no experiments.yaml in .*nowhere; allowed: a folder that holds one"),
        ("my-study", "studies: found the name 'my-study'; allowed: letters, digits and _"),
        ("scale_time", "studies: found .*scale_time, whose name a study of this repository has; rename the folder"),
    ],
)
def test_what_is_no_study_is_refused_with_one_line(elsewhere: Path, name: str, message: str) -> None:
    if name != "nowhere":
        (elsewhere / name).mkdir()
        (elsewhere / name / rooms.EXPERIMENTS).touch()
    with pytest.raises(ValueError, match=message) as error:
        rooms.add([elsewhere / name])
    assert "\n" not in str(error.value)


def test_two_folders_of_one_name_are_refused(elsewhere: Path) -> None:
    with pytest.raises(ValueError, match="studies: found two folders of the name asked; rename one of them"):
        rooms.add([elsewhere / "old/asked", elsewhere / "new/asked"])
