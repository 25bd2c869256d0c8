"""From a file to a sheet: which format it has, told by its content, and which encoding."""

import gzip
import io
import re
import zlib
from dataclasses import replace
from pathlib import Path

from scaling.curves.tabular import delimited, structured
from scaling.curves.tabular.sheet import DECIMALS, Sheet

MAGIC_PARQUET, MAGIC_GZIP, MAGIC_ZIP = b"PAR1", b"\x1f\x8b", b"PK\x03\x04"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MOST_UNPACKED = 2_000_000_000  # bytes
FORMATS = "CSV, TSV, JSON, JSON lines or Parquet"


def read_sheet(path: str | Path, decimal: str | None = None) -> Sheet:
    """Read a table, whatever its format: CSV in any dialect, JSON lines, trainer_state.json, Parquet.

    decimal: `comma` or `point`, what stands before decimals where the table leaves it open. Raises ValueError, one line
    that names the file and, where there is one, the line, for what cannot be read without a guess.
    """
    path = Path(path)
    if decimal not in (None, *DECIMALS):
        raise ValueError(f"decimal: found {decimal!r}; allowed: {', '.join(DECIMALS)}")
    content = _content(path)
    if content.startswith(MAGIC_PARQUET):
        sheet = structured.read_parquet(path, content)
    elif content.startswith(MAGIC_ZIP):
        raise ValueError(f"{path}: found a workbook or an archive; allowed: {FORMATS}: save its sheet as CSV")
    else:
        sheet = _of_text(path, content)
    return replace(sheet, decimal=decimal)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise ValueError(f"{path}: found a folder; allowed: a file in {FORMATS}")
    try:
        content = path.read_bytes()
        return _unpacked(path, content) if content.startswith(MAGIC_GZIP) else content
    except FileNotFoundError:
        raise ValueError(f"{path}: found no such file; allowed: a table in {FORMATS}") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"{path}: could not be read ({reason}); was it cut?") from None


def _unpacked(path: Path, content: bytes) -> bytes:
    with gzip.open(io.BytesIO(content)) as packed:
        unpacked = packed.read(MOST_UNPACKED + 1)
    if len(unpacked) > MOST_UNPACKED:
        raise ValueError(f"{path}: found more than {MOST_UNPACKED:,} bytes once unpacked; allowed: as many")
    return unpacked


def _of_text(path: Path, content: bytes) -> Sheet:
    text, encoding = _decoded(path, content)
    text = text.removeprefix("\ufeff")
    binary = BINARY.search(text)
    if binary:
        line = text.count("\n", 0, binary.start()) + 1
        raise ValueError(f"{path}: line {line}: found binary data; allowed: a table in {FORMATS}")
    if not text.strip():
        raise ValueError(f"{path}: found an empty file; allowed: a table in {FORMATS}")
    sheet = structured.read_json(path, text) if text.lstrip()[0] in "{[" else delimited.read(path, text)
    if encoding:
        sheet.notes.insert(0, encoding)
    return sheet


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """The text of a file, and a note where it is not in UTF-8."""
    for encoding, note in (
        (
            "utf-16" if content.startswith(UTF_16) else "utf-8-sig",
            "encoded in UTF-16" if content.startswith(UTF_16) else "",
        ),
        ("cp1252", "not in UTF-8: read as Windows-1252"),
    ):
        try:
            return content.decode(encoding), note
        except UnicodeDecodeError:
            continue
    raise ValueError(f"{path}: found binary data; allowed: a table in {FORMATS}")
