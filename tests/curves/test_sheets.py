"""Tables as people have them: every dialect gives the same numbers, and what needs a guess is refused in one line."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.curves.tabular import read_sheet

X = [1000.0, 2500.0, 20000.0, 1.5e6]
Y = [3.25, 2.5, 1.875, 1.0625]


def write(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(separator: str, x: list[str], y: list[str]) -> str:
    return "\n".join(separator.join(cells) for cells in [("steps", "val loss"), *zip(x, y, strict=True)]) + "\n"


PLAIN_X, PLAIN_Y = [f"{x:.15g}" for x in X], [str(y) for y in Y]
COMMA_Y = [y.replace(".", ",") for y in PLAIN_Y]
DIALECTS = {
    "commas": lines(",", PLAIN_X, PLAIN_Y),
    "tabs": lines("\t", PLAIN_X, PLAIN_Y),
    "semicolons": lines(";", PLAIN_X, PLAIN_Y),
    "bars": lines(" | ", PLAIN_X, PLAIN_Y),
    "spaces": lines("   ", PLAIN_X, PLAIN_Y).replace("val loss", "val_loss"),
    "decimal commas": lines(";", PLAIN_X, COMMA_Y),
    "decimal commas, thousands by points": lines(";", ["1.000", "2.500", "20.000", "1.500.000"], COMMA_Y),
    "points of thousands, few groups": lines(";", ["1.000", "2.500", "20.000", "1500000"], COMMA_Y),
    "thousands by commas": lines("\t", ["1,000", "2,500", "20,000", "1,500,000"], PLAIN_Y),
    "thousands by commas in quotes": lines(",", ['"1,000"', '"2,500"', '"20,000"', '"1,500,000"'], PLAIN_Y),
    "thousands by spaces": lines(",", ["1 000", "2 500", "20\u202f000", "1 500 000"], PLAIN_Y),
    "thousands by marks": lines(",", ["1'000", "2'500", "20’000", "1'500'000"], PLAIN_Y),
    "suffixes": lines(",", ["1k", "2.5K", "20 k", "1.5M"], PLAIN_Y),
    "suffixes and decimal commas": lines(";", ["1k", "2,5K", "20 k", "1,5M"], COMMA_Y),
    "scientific": lines(",", ["1e3", "2.5E+03", "+20000.0", "15e5"], PLAIN_Y),
    "scientific with decimal commas": lines(";", ["1,0e3", "2,5E+03", "2,000E4", "1,5e6"], COMMA_Y),
    "quotes": lines(",", [f'"{x}"' for x in PLAIN_X], [f'"{y}"' for y in PLAIN_Y]),
    "spaces around quotes": lines(" , ", [f'"{x}"' for x in PLAIN_X], [f'"{y}"' for y in PLAIN_Y]),
    "blank lines and rows": lines(",", PLAIN_X, PLAIN_Y).replace("\n", "\n\n,\n"),
    "a separator at each end": lines(",", PLAIN_X, PLAIN_Y).replace("\n", ",\n"),
    "an index": "".join(f"{i or ''},{row}\n" for i, row in enumerate(lines(",", PLAIN_X, PLAIN_Y).splitlines())),
    "comments": "# made by hand\n# today\n" + lines(",", PLAIN_X, PLAIN_Y),
    "names in a comment": "# " + lines("\t", PLAIN_X, PLAIN_Y),
    "a hint for Excel": "sep=;\n" + lines(";", PLAIN_X, PLAIN_Y),
    "carriage returns": lines(",", PLAIN_X, PLAIN_Y).replace("\n", "\r\n"),
    "old carriage returns": lines(",", PLAIN_X, PLAIN_Y).replace("\n", "\r"),
    "a byte order mark": "\ufeff" + lines(",", PLAIN_X, PLAIN_Y),
    "JSON lines": "".join(json.dumps({"steps": x, "val loss": y}) + "\n" for x, y in zip(X, Y, strict=True)),
    "JSON lines of texts": "".join(f'{{"steps": "{x:.15g}", "val loss": "{y}"}}\n' for x, y in zip(X, Y, strict=True)),
    "a list of objects": json.dumps([{"steps": x, "val loss": y} for x, y in zip(X, Y, strict=True)], indent=1),
    "an object of lists": json.dumps({"steps": X, "val loss": Y}),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_gives_the_same_numbers(dialect: str, tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, DIALECTS[dialect]))
    loss = "val_loss" if dialect == "spaces" else "val loss"
    np.testing.assert_allclose(sheet.numbers("steps"), X)
    np.testing.assert_allclose(sheet.numbers(loss), Y)
    assert [name for name in sheet.columns if not name.startswith("column ")] == ["steps", loss]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    text = "Größe\tloss\n1000\t2.5\n"
    sheet = read_sheet(write(tmp_path, text.encode(encoding)))
    assert sheet.columns == ["Größe", "loss"]
    assert sheet.numbers("Größe").tolist() == [1000]


def test_packed_and_parquet(tmp_path: Path) -> None:
    packed = read_sheet(write(tmp_path, gzip.compress(DIALECTS["commas"].encode()), "table.csv.gz"))
    np.testing.assert_allclose(packed.numbers("steps"), X)
    table = pd.DataFrame({"steps": [1, 2, 3], "loss": [0.5, None, 0.25], "run": ["a", None, "c"]})
    table.to_parquet(tmp_path / "table.parquet")
    sheet = read_sheet(tmp_path / "table.parquet")
    np.testing.assert_array_equal(sheet.numbers("loss"), [0.5, np.nan, 0.25])
    assert sheet.texts("run") == ["a", "", "c"]
    assert sheet.place(2) == "row 3"


def test_the_state_of_a_trainer(tmp_path: Path) -> None:
    history = [{"step": 10, "loss": 2.5}, {"step": 10, "eval_loss": 2.25}, {"step": 20, "loss": 2.0, "inner": {"a": 1}}]
    path = write(tmp_path, json.dumps({"epoch": 1.0, "log_history": history}, indent=2), "trainer_state.json")
    sheet = read_sheet(path)
    assert sheet.columns == ["step", "loss", "eval_loss", "inner.a"]
    np.testing.assert_array_equal(sheet.numbers("eval_loss"), [np.nan, 2.25, np.nan])
    assert "state of a Hugging Face Trainer" in sheet.notes[0]


def test_cells_of_nothing_and_of_no_number(tmp_path: Path) -> None:
    text = "step,loss\n1,2.5\n2,\n3,NaN\n4,n/a\n5,Infinity\n6,OOM\n7,-inf\n8,2.0\n9,1.5\n10,1.25\n"
    sheet = read_sheet(write(tmp_path, text))
    nan = np.nan
    np.testing.assert_array_equal(sheet.numbers("loss"), [2.5, nan, nan, nan, np.inf, nan, -np.inf, 2.0, 1.5, 1.25])
    assert sheet.parsed("loss").wrong.tolist() == [i == 5 for i in range(10)]
    assert sheet.notes == ["column 'loss': 1 cells are no numbers, the first 'OOM' at line 7"]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, 'note,x\n\n"two\nlines",1\nb,2\n\nc,3\n'))
    assert sheet.lines.tolist() == [3, 5, 7]
    assert sheet.texts("note") == ["two\nlines", "b", "c"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "found an empty file"),
        (" \n\n", "found an empty file"),
        ("a\n1\n", "found one column only"),
        ("x,y\n", "found no rows below the names"),
        ("x,y\n,\n", "found no rows below the names"),
        ("x,y\n1,2\n1,2,3\n", "line 3: found 3 cells; line 1 names 2 columns"),
        ("x,y,z\n1,2,3\n\n1,2\n", "line 4: found 2 cells; line 1 names 3 columns"),
        ("x,y\n1,2\n3", "line 3: found 1 cells; line 1 names 2 columns"),
        ("x,y, x\n1,2,3\n", "line 1: found the column 'x' twice"),
        ("1,2\n3,4\n", "line 1: found numbers only; allowed: a line with the names of the columns on top"),
        ('x,y\n1,"2\n3,4\n', "line 2: found a quote that is never closed"),
        ("x,y\n1,\x00\n", "line 2: found binary data"),
        ("x;y\n1,234;0\n2,345;1\n", "column 'x': found '1,234' at line 2, which may be a thousand or a decimal comma"),
        ('x,y\n"0,5",1\n"1,234,567",2\n', "column 'x': found '0,5' and '1,234,567'"),
        ("x,y\none,1\ntwo,2\n", "column 'x': found 'one' at line 2; allowed: a column of numbers"),
        ('{"x": 1}\n{"x": 2\n', "line 2: found no JSON object"),
        ('{"x": 1, "x": 2}\n', "the name 'x' twice in one object"),
        ('{"x": 1}\n[2]\n', "line 2: found no JSON object"),
        ('{\n"log_history": [{"step": 1}\n', "line 3: found no JSON"),
        ("[" * 100000, "too deeply nested"),
        ('{\n"log_history": 3}', "found no rows"),
    ],
)
def test_what_is_no_table_gets_one_line(text: str, line: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ValueError, match=r"table\.csv: ") as caught:
        read_sheet(path).numbers("x")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("decimal", "first"), [("comma", 1.234), ("point", 1234.0)])
def test_an_option_decides_what_the_column_leaves_open(decimal: str, first: float, tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, "x;y\n1,234;7\n2,345;8\n"), decimal=decimal)
    assert sheet.numbers("x")[0] == pytest.approx(first)


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\x89PNG\r\n\x1a\n\x00", b"PAR1cut", b"\x1f\x8bcut"])
def test_other_formats_get_one_line(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*table\.csv: [^\n]*$"):
        read_sheet(write(tmp_path, content))
    with pytest.raises(ValueError, match="found no such file"):
        read_sheet(tmp_path / "gone.csv")
    with pytest.raises(ValueError, match="found a folder"):
        read_sheet(tmp_path)
