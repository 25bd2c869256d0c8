"""Fingerprints see every line of code that decides a number, and nothing else."""

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scaling import fingerprint, registry, rooms

TRAINING = "train_networks.py"
PLUGINS = (registry.module_name("models", "mlp"), registry.module_name("norms", "frobenius"))
PLUMBING = [
    "scaling.columns",
    "scaling.config",
    "scaling.described",
    "scaling.files",
    "scaling.fingerprint",
    "scaling.kinds",
    "scaling.page",
    "scaling.provenance",
    "scaling.records",
    "scaling.registry",
    "scaling.rooms",
    "scaling.training.progress",
    "scaling.training.protocol",
    "scaling.training.recorded",
    "scaling.training.store",
    "scaling.version",
]
NUMERIC = [
    "scaling",
    "scaling.datasets",
    "scaling.models",
    "scaling.models.mlp",
    "scaling.norms",
    "scaling.norms._convolution",
    "scaling.norms.frobenius",
    "scaling.randomness",
    "scaling.training",
    "scaling.training.augmentation",
    "scaling.training.backend",
    "scaling.training.backends",
    "scaling.training.batched",
    "scaling.training.cells",
    "scaling.training.devices",
    "scaling.training.held_norm",
    "scaling.training.loop",
    "scaling.training.losses",
    "scaling.training.measurements",
    "scaling.training.networks",
    "scaling.training.observables",
    "scaling.training.optimizers",
    "scaling.training.run",
    "scaling.training.samples",
    "scaling.training.splits",
    "scaling.training.trainer",
]


def forget() -> None:
    """Read files anew."""
    for function in vars(fingerprint).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


@pytest.fixture(scope="module")
def workflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workflow, to be edited."""
    folder = tmp_path_factory.mktemp("repository") / "workflow"
    shutil.copytree(rooms.WORKFLOW, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def edited(workflow: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], bool]:
    """Whether the fingerprint of training changes with a text at the end of a file of the copy."""
    monkeypatch.setattr(rooms, "WORKFLOW", workflow)

    def changes(file: Path, text: str) -> bool:
        forget()
        before = fingerprint.fingerprint(TRAINING, PLUGINS)
        content = file.read_text(encoding="utf-8")
        try:
            file.write_text(content + text, encoding="utf-8")
            forget()
            return fingerprint.fingerprint(TRAINING, PLUGINS) != before
        finally:
            file.write_text(content, encoding="utf-8")
            forget()

    return changes


def module_files(workflow: Path, name: str) -> list[Path]:
    """The file of a module, or all files of a package that is plumbing as a whole."""
    place = workflow.joinpath(*name.split("."))
    return sorted(place.rglob("*.py")) if name in PLUMBING and place.is_dir() else [_file(place)]


def _file(place: Path) -> Path:
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def test_every_file_that_training_reaches_is_classified() -> None:
    """A new file counts until it is named as plumbing; either way its name is to be written down here."""
    modules, packages = fingerprint.reached(TRAINING, PLUGINS)
    assert sorted(modules) == sorted([TRAINING, *NUMERIC])
    assert sorted(fingerprint.PLUMBING) == PLUMBING
    assert packages == {"numpy", "pandas", "torch"}


@pytest.mark.parametrize("name", NUMERIC)
def test_an_edit_of_what_trains_trains_again(edited: Callable[[Path, str], bool], workflow: Path, name: str) -> None:
    (file,) = module_files(workflow, name)
    assert edited(file, "\nUNUSED = 1\n")
    assert not edited(file, "\n# a remark\n")


@pytest.mark.parametrize("name", PLUMBING)
def test_an_edit_of_plumbing_trains_nothing(edited: Callable[[Path, str], bool], workflow: Path, name: str) -> None:
    for file in module_files(workflow, name):
        assert not edited(file, "\nUNUSED = 1\n")


def test_an_edit_of_the_script_itself_counts(edited: Callable[[Path, str], bool], workflow: Path) -> None:
    assert edited(workflow / "scripts" / TRAINING, "\nUNUSED = 1\n")
    assert not edited(workflow / "scripts" / TRAINING, "\n# a remark\n")


@pytest.mark.parametrize("script", sorted(path.name for path in (rooms.WORKFLOW / "scripts").glob("*.py")))
def test_no_script_counts_plumbing(script: str) -> None:
    modules, _ = fingerprint.reached(script)
    assert {script, "scaling"} <= modules.keys()
    assert not [name for name in modules if name.startswith(tuple(PLUMBING))]


def test_a_plugin_counts_only_where_it_is_named() -> None:
    laws = [registry.module_name("laws", name) for name in ("power_law", "bnsl")]
    first, second = (fingerprint.fingerprint("fit_law.py", [law]) for law in laws)
    assert first != second
    assert "scaling.laws.bnsl" not in fingerprint.reached("fit_law.py", laws[:1])[0]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workflow with one script that reaches `scaling.a` and, from inside a function, `scaling.b`."""
    files = {
        "scripts/work.py": "from scaling import a\n",
        "scaling/__init__.py": "",
        "scaling/a.py": '"""Words."""\nimport numpy\ndef f():\n    """Words."""\n    from scaling.b import g\n',
        "scaling/b.py": 'def g(x):\n    if x < 1:\n     raise TypeError(f"found {x}", "few")\n    return "found", 4\n',
        "scaling/c.py": "x = 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(rooms, "WORKFLOW", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("scaling/a.py", "import numpy", "import numpy  # a remark", False),
        ("scaling/a.py", "Words", "Other words", False),
        ("scaling/a.py", "def f()", "def  f( )", False),
        ("scaling/c.py", "1", "2", False),
        ("scaling/b.py", "4", "5", True),
        ("scaling/a.py", "import numpy", "import numpy, scipy", True),
        ("scaling/__init__.py", "", "x = 1", True),
        ("scripts/work.py", "a\n", "a\nprint(1)\n", True),
        ("scripts/work.py", "a\n", "a  # a remark\n", False),
        ("scaling/b.py", "found {x}", "only {x + 1} are there", False),
        ("scaling/b.py", "few", "too few", False),
        ("scaling/b.py", "TypeError", "KeyError", True),
        ("scaling/b.py", "x < 1", "x < 2", True),
        ("scaling/b.py", '"found", 4', '"seen", 4', True),
    ],
)
def test_code_counts_and_words_do_not(tree: Path, file: str, old: str, new: str, changes: bool) -> None:
    forget()
    before = fingerprint.fingerprint("work.py")
    (tree / file).write_text((tree / file).read_text().replace(old, new, 1))
    ast.parse((tree / file).read_text())
    forget()
    assert (fingerprint.fingerprint("work.py") != before) == changes


def test_the_version_of_a_package_counts(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    before = fingerprint.fingerprint("work.py")
    assert "numpy=" in before
    forget()
    monkeypatch.setattr(fingerprint.metadata, "version", lambda package: "0.0.1")
    assert fingerprint.fingerprint("work.py") != before
    forget()


def test_packages_of_plumbing_count(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another pandas may write another table; the code that calls it does not."""
    monkeypatch.setattr(fingerprint, "PLUMBING", ("scaling.b",))
    (tree / "scaling/b.py").write_text("import pandas\nfrom scaling.c import x\n")
    forget()
    modules, packages = fingerprint.reached("work.py")
    assert sorted(modules) == ["scaling", "scaling.a", "work.py"]
    assert packages == {"numpy", "pandas"}
    forget()
