"""The command line: what it lists, what it refuses, and that groups trained elsewhere come back."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scaling import datasets, provenance, registry
from scaling.__main__ import COMMANDS, main
from scaling.commands import _experiments, cost
from scaling.config.experiments import grid
from scaling.fingerprint import fingerprint
from scaling.training.cells import groups_of, plan, plugins
from scaling.training.protocol import Protocol
from scaling.training.store import Store
from scaling.training.trainer import train_groups

SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [8]},
    "train_sizes": [40],
    "seeds": [0, 1],
    "epochs": 3,
    "validation_size": 100,
    "test_size": 100,
}
WITHOUT_THE_WORKFLOW = """
import sys
for name in ("snakemake", "pydantic", "yaml"):
    sys.modules[name] = None
from scaling.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("images") / "images.npz"
    datasets.save(registry.load("datasets", "digits").load({}, None), path)
    return path


@pytest.fixture
def content(images: Path) -> dict[str, Any]:
    """What the command `groups` would write for two networks."""
    group = plan("elsewhere", SETTINGS)[0]
    code = fingerprint("train_networks.py", plugins(group.protocol))
    seeds = [cell.seed for cell in group.cells]
    return {
        "experiment": "elsewhere",
        "protocol": {key: value for key, value in SETTINGS.items() if key not in ("train_sizes", "seeds")},
        "groups": [{"name": group.name, "train_size": 40, "seeds": seeds}],
        "code": code,
        "data": provenance.digest(images),
        "images": str(images),
    }


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_every_command_is_listed_with_a_line_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    listed = " ".join(capsys.readouterr().out.split())
    names = [path.stem for path in COMMANDS.glob("[!_]*.py")]
    assert {"train", "cost", "benchmark", "groups"} <= set(names)
    for name in names:
        assert f" {name} " in listed


def test_help_imports_nothing_heavy() -> None:
    check = "import sys; from scaling.__main__ import main\ntry: main(['train', '--help'])\nexcept SystemExit: pass\n"
    check += "assert not {'torch', 'pandas', 'pydantic', 'matplotlib'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", check], check=True, capture_output=True)


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["fly"])
    assert end.value.code == 2
    assert "choose from" in capsys.readouterr().err


def test_groups_are_trained_without_the_workflow_and_come_back(tmp_path: Path, content: dict[str, Any]) -> None:
    file, folder = write(tmp_path / "groups.json", content), tmp_path / "rows"
    command = [sys.executable, "-c", WITHOUT_THE_WORKFLOW, "train", str(file), "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 groups, 2 networks, 8 rows" in done.stdout
    groups = groups_of("elsewhere", content["protocol"], content["groups"])
    rows = Store(folder, content["code"], content["data"]).rows(groups[0], "auto")
    assert rows is not None
    expected = train_groups(groups, datasets.load(Path(content["images"])))
    pd.testing.assert_frame_equal(rows.sort_values(["seed", "step"], ignore_index=True), expected, check_exact=True)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"data": "0" * 64}, "found sha256"),
        ({"code": "source=0 python=3"}, "found the code source=0 python=3; allowed: source="),
        ({"groups": []}, "found other keys; allowed: experiment"),
        ({"device": "cuda"}, "found other keys; allowed: experiment"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, content: dict[str, Any], change: dict[str, Any], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "groups.json", content | change)
    assert main(["train", str(file), "--out", str(tmp_path / "rows")]) == 1
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1


def test_a_missing_gpu_is_one_line(
    tmp_path: Path, content: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    file = write(tmp_path / "groups.json", content)
    assert main(["train", str(file), "--out", str(tmp_path / "rows"), "--device", "cuda"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_groups_of_the_configuration_are_written_down(
    tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["groups", "digits_mlp", "--size", "smoke", "--images", str(images), "--out", str(tmp_path / "groups.json")]
    assert main(words) == 0, capsys.readouterr().err
    written = json.loads((tmp_path / "groups.json").read_text())
    config = _experiments.configuration(_parsed("smoke"))
    expected = plan("digits_mlp", grid(config, "digits_mlp"))
    assert groups_of(written["experiment"], written["protocol"], written["groups"]) == expected
    assert written["data"] == provenance.digest(images)
    words[1] = "digits_mpl"
    assert main(words) == 1
    assert "experiment: found 'digits_mpl'; allowed: digits_mlp" in capsys.readouterr().err


def _parsed(size: str) -> Any:
    from argparse import Namespace

    return Namespace(size=size, configfile=[])


@pytest.mark.parametrize(
    ("model", "shape", "classes", "megaflop", "parameters"),
    [
        (
            {"name": "cnn", "channels": [32, 64, 128], "pool_after": [2], "hidden": [512]},
            (1, 28, 28),
            10,
            251,
            12_943_370,
        ),
        ({"name": "resnet", "widths": [64, 128, 256, 512], "blocks": [2] * 4}, (3, 32, 32), 10, 3329, 11_173_962),
        ({"name": "vit", "patch": 7, "width": 128, "depth": 4, "heads": 4}, (1, 28, 28), 10, 82, 803_338),
    ],
    ids=["cnn", "resnet", "vit"],
)
def test_operations_of_the_published_networks(
    model: dict[str, Any], shape: tuple[int, int, int], classes: int, megaflop: float, parameters: int
) -> None:
    """Millions of operations of one image in training, counted apart from this code."""
    protocol = Protocol(dataset="any", model=model, validation_size=1, test_size=1, epochs=1)
    forward, found = cost.network_size(protocol, shape, classes)
    assert found == parameters
    assert 3 * forward / 1e6 == pytest.approx(megaflop, rel=0.02)


def test_cost_of_a_small_grid(capsys: pytest.CaptureFixture[str]) -> None:
    """A perceptron 64-10-10 makes 2·64·10 + 2·10·10 operations for an image."""
    dataset = {"source": {"name": "digits"}, "validation_size": 100, "test_size": 200}
    small: dict[str, Any] = {
        "dataset": "digits",
        "model": {"name": "mlp", "hidden": [10]},
        "train_sizes": [50, 128],
        "seeds": [0, 1],
    }
    small |= {"epochs": 3, "optimizer": {"name": "adam", "learning_rate": 1}, "group_size": 16, "vary": {}}
    config: dict[str, Any] = {
        "data": {"folder": ""},
        "datasets": {"digits": dataset},
        "training": {"small": small | {"parametrisation": {"name": "standard"}}},
    }
    found = cost.cost(config, "small")
    forward = 2 * 64 * 10 + 2 * 10 * 10
    images = sum(3 * 3 * size + 4 * (size + 300) for size in (50, 128))  # trained ×3; measured at 4 epochs
    assert found.networks == 4
    assert found.operations == 2 * forward * images
    config["training"] = {"small": small | {"vary": {"width": [10, 20]}}}  # the wider makes twice the operations
    assert cost.cost(config, "small").operations == 2 * 3 * forward * images
    assert main(["cost", "--size", "smoke"]) == 0
    assert "digits_mlp" in capsys.readouterr().out
