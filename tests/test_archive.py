"""The archive: equal bytes for equal results, every file given back, damage named."""

import zipfile
from pathlib import Path

import pytest

from scaling.archive import manifest, pack, restore
from scaling.provenance import digest


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


def test_the_sidecar_of_what_was_there_before_goes(results: Path) -> None:
    archive = packed(results)
    sidecar = results / "results/smoke/a.provenance.json"
    sidecar.write_text("of another a.parquet")
    restore(archive, results, ["results/smoke/a.parquet"])
    assert not sidecar.exists()


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


@pytest.mark.parametrize("content", [b"", b"PK no zip", None])
def test_no_archive_is_one_line(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "archive.zip").write_bytes(content)
    with pytest.raises(ValueError, match=r"archive.zip: found no archive \(.*\); allowed: a file that") as error:
        manifest(tmp_path / "archive.zip")
    assert "\n" not in str(error.value)
