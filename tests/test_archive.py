"""The archive: equal bytes for equal results, every file given back, damage named."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scaling.archive import checked_origin, manifest, pack, restore
from scaling.provenance import digest, read_sidecar


@pytest.fixture
def results(tmp_path: Path) -> Path:
    for name in ("results/smoke/a.parquet", "config.yaml"):
        (tmp_path / "run" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / name).write_text(f"content of {name}")
    return tmp_path / "run"


def packed(results: Path, name: str = "archive.zip") -> Path:
    paths = [path for path in results.rglob("*") if path.is_file()]
    pack(results.parent / name, results, paths, {"size": "smoke", "commit": "abc"})
    return results.parent / name


def test_what_was_packed_comes_back(results: Path, tmp_path: Path) -> None:
    archive = packed(results)
    about = manifest(archive)
    assert (about["size"], sorted(about["files"])) == ("smoke", ["config.yaml", "results/smoke/a.parquet"])
    restore(archive, tmp_path / "elsewhere", ["results/smoke/a.parquet"])
    found = tmp_path / "elsewhere" / "results/smoke/a.parquet"
    assert digest(found) == about["files"]["results/smoke/a.parquet"]
    assert not (tmp_path / "elsewhere" / "config.yaml").exists()


def test_what_comes_back_says_where_it_comes_from(results: Path) -> None:
    archive = packed(results)
    sidecar = results / "results/smoke/a.provenance.json"
    sidecar.write_text("of another a.parquet")
    restore(archive, results, ["results/smoke/a.parquet"])
    record = read_sidecar(sidecar)
    assert record["rule"] == "restore_tables"
    assert record["outputs"] == {"results/smoke/a.parquet": digest(results / "results/smoke/a.parquet")}
    assert record["config"] == {"archive": "archive.zip", "sha256": digest(archive), "size": "smoke"}
    assert record["commit"] == "abc"


CONFIG: dict[str, dict[str, Any]] = {
    "training": {"one": {"epochs": 3, "seeds": [0]}, "two": {"epochs": 4}},
    "theory": {},
}


@pytest.mark.parametrize(
    ("size", "changed", "line"),
    [
        ("smoke", {}, ""),
        ("smoke", {"epochs": 5}, "training.one (epochs)"),
        ("smoke", {"loss": "mse", "epochs": 5}, "training.one (epochs, loss)"),
        ("laptop", {}, "size smoke"),
    ],
)
def test_an_archive_of_other_settings_is_refused(results: Path, size: str, changed: dict[str, Any], line: str) -> None:
    archive = results.parent / "archive.zip"
    about = {"size": "smoke", "commit": "abc", "config": CONFIG}
    pack(archive, results, [results / "config.yaml"], about)
    now = {**CONFIG, "training": {**CONFIG["training"], "one": {**CONFIG["training"]["one"], **changed}}}
    entries = [("training", "one")]
    accepted = checked_origin(archive, size, now, entries, accept=True)
    assert accepted.startswith(f"restored from archive.zip (sha256 {digest(archive)[:12]}, packed from commit abc)")
    assert accepted.endswith(line)
    if line:
        with pytest.raises(ValueError, match=f"of another configuration: {re.escape(line)}; allowed: "):
            checked_origin(archive, size, now, entries, accept=False)
    else:
        assert checked_origin(archive, size, now, entries, accept=False) == accepted


def test_equal_results_make_equal_archives(results: Path) -> None:
    first = packed(results)
    (results / "config.yaml").touch()
    assert packed(results, "again.zip").read_bytes() == first.read_bytes()


def test_what_was_not_packed_is_named(results: Path, tmp_path: Path) -> None:
    archive = packed(results)
    with pytest.raises(ValueError, match=r"archive.zip: found no results/laptop/a.parquet; it was packed from another"):
        restore(archive, tmp_path, ["results/laptop/a.parquet"])


def test_damage_is_named(results: Path, tmp_path: Path) -> None:
    archive = packed(results)
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(tmp_path / "damaged.zip", "w") as other:
        other.writestr("manifest.json", whole.read("manifest.json"))
        other.writestr("config.yaml", "something else")
    with pytest.raises(ValueError, match=r"found config\.yaml damaged; get the archive again"):
        restore(tmp_path / "damaged.zip", tmp_path, ["config.yaml"])


@pytest.mark.parametrize(
    "content",
    [
        *("[" * 100_000, "[]", "{}", '{"size": 1, "commit": "a", "files": {}}', '{"size": "smoke", "commit": "a"}'),
        '{"size": "smoke", "commit": "a", "files": {"a": 1}}',
        '{"size": "smoke", "commit": "a", "files": {}, "config": {"training": {"one": 3}}}',
        '{"size": "smoke", "commit": "a", "files": {}, "config": []}',
        '{"size": "smoke", "commit": "a", "files": {}}' + 100_000 * " ",
    ],
)
def test_a_manifest_of_another_form_or_too_big_is_one_line(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scaling.archive.MOST_OF_MANIFEST", 100_001)
    with zipfile.ZipFile(tmp_path / "archive.zip", "w", zipfile.ZIP_DEFLATED) as other:
        other.writestr("manifest.json", content)
    with pytest.raises(ValueError, match=r"archive.zip: found no archive \(.*\); allowed: a file that") as error:
        manifest(tmp_path / "archive.zip")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"PK no zip", None])
def test_no_archive_is_one_line(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "archive.zip").write_bytes(content)
    with pytest.raises(ValueError, match=r"archive.zip: found no archive \(.*\); allowed: a file that") as error:
        manifest(tmp_path / "archive.zip")
    assert "\n" not in str(error.value)
