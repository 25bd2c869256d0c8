"""Files that are either whole or not there: every write is atomic, whatever ends it."""

import glob
import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes the real name once the block ends without an error.

    What processes of this machine that were killed had begun to write for `path` is removed. Raises OSError, one line
    that names `path` and says what to do, when the disk is full or the folder cannot be written.
    """
    path = Path(path)
    temporary = temporary_of(path, os.getpid())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        yield temporary
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
    except Exception as error:
        cause = error if isinstance(error, OSError) else error.__context__  # torch.save hides it behind its own error
        if not isinstance(cause, OSError) or (
            cause.filename and Path(cause.filename) not in (temporary, *path.parents)
        ):
            raise
        reason = os.strerror(cause.errno) if cause.errno else str(cause)
        message = f"{path}: could not be written ({reason}); see to room and permissions there, and run again"
        raise OSError(message) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def temporary_of(path: Path, process: int) -> Path:
    """Where a process of this machine writes what becomes `path`; many machines may share a folder."""
    return path.with_name(f".{path.stem}.{_machine()}-{process}{path.suffix}")


def _machine() -> str:
    return re.sub(r"\W", "_", platform.node()) or "here"


def _remove_abandoned(path: Path) -> None:
    """Remove the temporary files for `path` whose processes on this machine run no more."""
    begin = f".{path.stem}.{_machine()}-"
    for leftover in path.parent.glob(f"{glob.escape(begin)}*{glob.escape(path.suffix)}"):
        process = leftover.name.removeprefix(begin).removesuffix(path.suffix)
        if process.isdigit() and not _runs(int(process)):
            leftover.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True
