"""Tables of runs: usual names of columns, units, what is left out, and one line for what cannot be read."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from scaling.curves.tabular.run_table import read_runs

ROWS = [(1e7, 2e9, 3.4), (1e8, 2e9, 3.0), (1e9, 2e10, 2.5)]


def table(folder: Path, header: str, rows: Sequence[Sequence[object]]) -> Path:
    path = folder / "runs.csv"
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "header",
    [
        "parameters,tokens,loss",
        "N,D,loss",
        "params,total_tokens,val_loss",
        "n_params,throughput/total_tokens,eval/loss",
    ],
)
def test_usual_names_are_known(tmp_path: Path, header: str) -> None:
    found = read_runs(table(tmp_path, header, ROWS))
    assert (found.parameters[2], found.tokens[2], found.loss[2]) == (1e9, 2e10, 2.5)
    assert found.places == ["line 2", "line 3", "line 4"]


@pytest.mark.parametrize(
    ("header", "unit"), [("N,flops,loss", 1.0), ("N,total_gflops,loss", 1e9), ("N,tflops,loss", 1e12)]
)
def test_operations_stand_for_tokens(tmp_path: Path, header: str, unit: float) -> None:
    rows: list[tuple[object, ...]] = [(n, 6 * n * d / unit, loss) for n, d, loss in ROWS]
    assert read_runs(table(tmp_path, header, rows)).tokens == pytest.approx([row[1] for row in ROWS])


def test_operations_and_tokens_stand_for_parameters(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(8 * n * d, d, loss) for n, d, loss in ROWS]
    found = read_runs(table(tmp_path, "C,D,loss", rows), operations=8)
    assert found.parameters == pytest.approx([row[0] for row in ROWS])
    assert found.operations == 8


def test_operations_that_are_not_six_are_said_and_used(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(n, d, 8 * n * d, loss) for n, d, loss in ROWS]
    found = read_runs(table(tmp_path, "N,D,C,loss", rows))
    assert found.operations == pytest.approx(8)
    assert any("C is 8 N D here, not 6 N D" in line for line in found.notes)


def test_a_held_out_loss_comes_before_that_of_training(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(n, d, 9.0, loss) for n, d, loss in ROWS]
    assert read_runs(table(tmp_path, "N,D,train/loss,eval/loss", rows)).loss[0] == 3.4


def test_blank_wrong_and_unfinished_runs_are_left_out_and_counted(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(*row, "finished") for row in ROWS]
    rows += [(1e8, 1e9, 4.0, "crashed"), (1e8, "", 4.0, "finished"), (1e8, 1e9, -1, "finished"), (1e8, 1e9, "inf", "x")]
    found = read_runs(table(tmp_path, "N,D,loss,state", rows))
    assert len(found.loss) == 3
    (line,) = (note for note in found.notes if "left out" in note)
    assert "1 that did not end ('state')" in line
    assert "1 without tokens" in line
    assert "2 with loss infinite or ≤ 0" in line


@pytest.mark.parametrize(
    ("header", "rows", "line"),
    [
        ("N,D,accuracy", ROWS, "found no column of losses among N, D, accuracy; name it with --loss"),
        ("N,steps,loss", ROWS, "found parameters among N, steps, loss; name two of them with"),
        ("a,b,loss", ROWS, "found neither N, D nor C among a, b, loss"),
        (
            "N,D,val_loss,eval_loss",
            [(*row, 1.0) for row in ROWS],
            "found 'val_loss', 'eval_loss' for loss; say which with",
        ),
        ("N,D,loss", [(0, 1, 1), (-1, 1, 1)], "found no run with finite numbers > 0"),
        ("N,D,loss", [(1e7, 2e9, 3.4, 9.0)], "line 2"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, header: str, rows: Sequence[Sequence[object]], line: str
) -> None:
    path = table(tmp_path, header, rows)
    with pytest.raises(ValueError, match=line) as error:
        read_runs(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_column_can_be_named(tmp_path: Path) -> None:
    found = read_runs(table(tmp_path, "a,b,c", ROWS), {"parameters": "a", "tokens": "b", "loss": "c"})
    assert found.loss[1] == 3.0
    with pytest.raises(ValueError, match="--loss: found 'd'; allowed: a, b, c"):
        read_runs(table(tmp_path, "a,b,c", ROWS), {"parameters": "a", "tokens": "b", "loss": "d"})
