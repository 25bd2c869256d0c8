"""Whatever goes wrong in a command is one line; what we did not think of leaves its traceback in a file."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from scaling import __main__


def raises(error: BaseException) -> Callable[[Namespace], int]:
    def run(options: Namespace) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (ValueError("mine.csv: found nothing"), "mine.csv: found nothing", 1),
        (PermissionError(13, "Permission denied", "mine.csv"), "mine.csv: Permission denied", 1),
        (MemoryError(), "out of memory; ask for less, or use a machine with more", 1),
        (KeyboardInterrupt(), "stopped", 130),
        (ModuleNotFoundError("no", name="typst"), "needs the package typst, which is not installed here", 1),
        (TypeError("two\nlines"), "a fault of ours, TypeError: two lines (details: ", 1),
        (RecursionError("too deep"), "a fault of ours, RecursionError: too deep (details: ", 1),
    ],
)
def test_every_error_is_one_line(
    error: BaseException, line: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: ArgumentParser) -> None:
        """No options."""

    module = SimpleNamespace(add_arguments=add_arguments, run=raises(error))
    monkeypatch.setattr(__main__.importlib, "import_module", lambda name: module)
    assert __main__.main(["verify"]) == status
    printed = capsys.readouterr().err
    assert printed.startswith(f"scaling verify: {line}")
    assert printed.count("\n") == 1
    if "fault" in line:
        log = Path(printed.rpartition("details: ")[2].strip(")\n"))
        assert "Traceback" in log.read_text(encoding="utf-8")
        log.unlink()


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -u -m scaling | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("usage: python -m scaling COMMAND …\n", "")
