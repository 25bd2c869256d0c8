"""Tables that unpack without end are refused; seeds keep their names however long; true is no number."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.curves.tabular import opening, read_curves, structured

SEEDS = [2**53 + 1, 2**63, 2**63 + 1, 2**64 - 1]
X = (1, 10, 100)


def rows() -> list[dict[str, object]]:
    return [{"curve": "a", "x": x, "y": 2 / x + 0.01 * k, "seed": seed} for k, seed in enumerate(SEEDS) for x in X]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_long_seeds_keep_their_own_names(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"runs.{kind}"
    table = pd.DataFrame(rows()).astype({"seed": "uint64"})
    if kind == "parquet":
        table.to_parquet(path)
    elif kind == "csv":
        table.to_csv(path, index=False)
    else:
        path.write_text(json.dumps(rows()) if kind == "json" else "\n".join(map(json.dumps, rows())))
    points = read_curves(path).points
    assert sorted(map(int, points["seed"].unique())) == SEEDS
    np.testing.assert_allclose(points["y"], [row["y"] for row in rows()])  # type: ignore[arg-type]


def test_long_numbers_stay_numbers(tmp_path: Path) -> None:
    records = [{"x": 10**number, "y": 1 / number} for number in range(14, 20)]
    (tmp_path / "long.jsonl").write_text("\n".join(map(json.dumps, records)))
    assert read_curves(tmp_path / "long.jsonl").points["x"].tolist() == [float(10**number) for number in range(14, 20)]


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_true_is_not_one(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"truths.{kind}"
    table = pd.DataFrame({"x": X, "y": [True, True, True]})
    {"csv": lambda: table.to_csv(path, index=False), "parquet": lambda: table.to_parquet(path)}.get(
        kind, lambda: path.write_text("\n".join(json.dumps({"x": x, "y": True}) for x in X))
    )()
    with pytest.raises(ValueError, match=r"truths.*column 'y': found 'True' at "):
        read_curves(path)


def test_a_table_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "curves.csv.gz"
    path.write_bytes(gzip.compress(b"x,y\n" + b"1,2\n" * 1000))
    monkeypatch.setattr(opening, "MOST_UNPACKED", 4003)
    with pytest.raises(ValueError, match=r"curves.csv.gz: found more than 4,003 bytes once unpacked"):
        read_curves(path)


def test_a_table_that_repeats_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "curves.parquet"
    pd.DataFrame({"x": np.ones(1000), "y": np.ones(1000)}).to_parquet(path)
    monkeypatch.setattr(structured, "MOST_CELLS", 1999)
    with pytest.raises(ValueError, match=r"curves.parquet: .*1,000 rows of 2 columns, more than 1,999"):
        read_curves(path)
