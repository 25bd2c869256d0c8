"""How far a long computation is, on stderr: a bar on a terminal, a line every minute elsewhere."""

import sys
import time
from typing import Any


class Progress:
    """Elapsed and expected time of some amount of work. The bar needs rich; without it lines are printed everywhere."""

    def __init__(self, total: float) -> None:
        self.total, self.done = total, 0.0
        self.started = self.shown = time.monotonic()
        self.bar = _bar() if sys.stderr.isatty() else None
        if self.bar is not None:
            self.bar.start()
            self.task = self.bar.add_task("", total=total)

    def advance(self, work: float, doing: str) -> None:
        """Some more of the total is done."""
        self.done += work
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done, description=doing)
            return
        now = time.monotonic()
        if now - self.shown >= 60:
            self.shown = now
            elapsed = now - self.started
            left = elapsed * (self.total / self.done - 1)
            line = f"{self.done / self.total:4.0%}  {duration(elapsed)} elapsed, {duration(left)} to go  {doing}"
            print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the bar off a terminal."""
        if self.bar is not None:
            self.bar.stop()


def _bar() -> Any:
    """A bar that vanishes when it stops; None on a machine without rich, as a bare GPU node is."""
    try:
        from rich import progress
        from rich.console import Console
    except ImportError:
        return None
    columns = ("{task.description}", progress.BarColumn(), progress.TaskProgressColumn())
    times = (progress.TimeElapsedColumn(), progress.TimeRemainingColumn())
    return progress.Progress(*columns, *times, console=Console(stderr=True), transient=True)


def duration(seconds: float) -> str:
    """A time in words, such as 2 h 05 min."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
