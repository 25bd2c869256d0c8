"""Progress: a bar on a terminal, a line every minute elsewhere, the same numbers in both."""

import os
import pty
import subprocess
import sys

import pytest

from scaling.training import progress
from scaling.training.progress import Progress, duration

BAR = """
from scaling.training.progress import Progress
bar = Progress(4.0)
bar.advance(1.0, "first group")
bar.bar.refresh()
bar.advance(3.0, "second group")
bar.bar.refresh()
bar.close()
"""


def test_lines_say_how_far_it_is_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 30.0, 90.0, 100.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    shown = Progress(10.0)
    for doing in ("first", "second", "third"):
        shown.advance(2.5, doing)
    shown.close()
    assert capsys.readouterr().err == " 50%  2 min elapsed, 2 min to go  second\n"


def test_a_terminal_gets_a_bar() -> None:
    parent, child = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", BAR], stderr=child) as process:
        os.close(child)
        text = b""
        while True:
            try:
                text += os.read(parent, 4096)
            except OSError:
                break
    os.close(parent)
    assert process.returncode == 0
    assert all(words in text.decode() for words in ("first group", " 25%", "second group", "100%"))


@pytest.mark.parametrize(("seconds", "words"), [(89, "89 s"), (90, "2 min"), (5340, "89 min"), (7500, "2 h 05 min")])
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
