"""How far a long computation is, on stderr."""

import sys
import time


class Progress:
    """Elapsed and expected time; one line that changes on a terminal, a new line every minute elsewhere."""

    def __init__(self, total: float) -> None:
        self.total, self.done = total, 0.0
        self.started = self.shown = time.monotonic()
        self.is_live = sys.stderr.isatty()

    def advance(self, work: float, doing: str) -> None:
        """Some more of the total is done."""
        self.done += work
        now = time.monotonic()
        if now - self.shown >= (0.5 if self.is_live else 60):
            self.shown = now
            elapsed = now - self.started
            left = elapsed * (self.total / self.done - 1)
            line = f"{self.done / self.total:4.0%}  {duration(elapsed)} elapsed, {duration(left)} to go  {doing}"
            print(
                f"\r\033[K{line}" if self.is_live else line,
                end="" if self.is_live else "\n",
                file=sys.stderr,
                flush=True,
            )

    def close(self) -> None:
        """Wipe the line off a terminal."""
        if self.is_live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """A time in words, such as 2 h 05 min."""
    minutes = round(seconds / 60)
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{minutes} min"
        if minutes < 90
        else f"{minutes // 60} h {minutes % 60:02d} min"
    )
