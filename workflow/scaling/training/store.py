"""A folder of what is trained: the rows of finished groups, and checkpoints of groups that are not finished."""

import hashlib
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import torch

from scaling.files import atomic
from scaling.training.cells import Group
from scaling.training.run import Run

SECONDS_BETWEEN_CHECKPOINTS = 60.0
SEAL_BYTES = hashlib.sha256().digest_size


class Store:
    """Rows and checkpoints by all that matters to them: the group, the code, the data and the kind of device.

    `code` and `data` are texts that change with the code and with the images. Copy the files of one store into
    another, and what was trained there is not trained again here.
    """

    def __init__(self, folder: Path, code: str, data: str) -> None:
        self.folder, self.code, self.data = folder, code, data

    def rows(self, group: Group, device: str) -> pd.DataFrame | None:
        """The rows of a group if they are there; trained on whatever device when `device` is auto."""
        for kind in ("cuda", "cpu") if device == "auto" else (device,):
            if content := unsealed(self._path(group, kind, ".rows")):
                return pd.read_parquet(content)
        return None

    def keep(self, group: Group, device: torch.device, rows: pd.DataFrame) -> None:
        """Write the rows of a finished group, and remove its checkpoint."""
        with sealed(self._path(group, device.type, ".rows")) as file:
            rows.to_parquet(file, index=False, compression="zstd")
        checkpoint = self._path(group, device.type, ".checkpoint")
        for leftover in (checkpoint, *checkpoint.parent.glob(f".{checkpoint.stem}.*{checkpoint.suffix}")):
            leftover.unlink(missing_ok=True)

    def checkpoint(self, group: Group, device: torch.device) -> "Checkpoint":
        """Where the state of a group in training is kept."""
        return Checkpoint(self._path(group, device.type, ".checkpoint"))

    def adopt(self, other: "Store", group: Group) -> None:
        """Take over what another store has of a group; for code and data that are known to give the same rows."""
        for device in ("cuda", "cpu"):
            for suffix in (".rows", ".checkpoint"):
                if content := unsealed(other._path(group, device, suffix)):
                    with sealed(self._path(group, device, suffix)) as file:
                        file.write(content.getbuffer())

    def _path(self, group: Group, device: str, suffix: str) -> Path:
        settings = {
            "group": asdict(group),
            "code": self.code,
            "data": self.data,
            "device": device,
        }
        key = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:32]
        return self.folder / f"{key}{suffix}"


class Checkpoint:
    """The saved state of one group; written when the last is a minute old or the process is asked to end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = time.monotonic()

    def restore(self, run: Run) -> None:
        """Let a run that has not begun go on where it was saved, if it ever was."""
        if content := unsealed(self.path):
            run.restore(torch.load(content, map_location=run.device, weights_only=True))
            print(f"{run.group.name}: goes on after {run.step} updates", file=sys.stderr)

    def keep(self, run: Run, must_end: threading.Event) -> None:
        """Save the run when it is time; raise SystemExit when the process was asked to end."""
        if must_end.is_set() or time.monotonic() - self.written >= SECONDS_BETWEEN_CHECKPOINTS:
            with sealed(self.path) as file:
                torch.save(run.state(), file)
            self.written = time.monotonic()
        if must_end.is_set():
            raise SystemExit(128 + signal.SIGTERM)


@contextmanager
def sealed(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes its name when the block has ended: its content, and a digest of name and content.

    Raises OSError, one line, when it cannot be written.
    """
    with atomic(path) as temporary, temporary.open("w+b") as file:
        yield file
        file.seek(0)
        file.write(_seal(path, file.read()))


def unsealed(path: Path) -> BytesIO | None:
    """The content of a file that `sealed` wrote; None when it is not there or, which is said, damaged."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        content = file.read(max(path.stat().st_size - SEAL_BYTES, 0))
        if file.read() == _seal(path, content):
            return BytesIO(content)
    print(f"{path}: damaged; what it held is trained again", file=sys.stderr)
    return None


def _seal(path: Path, content: bytes) -> bytes:
    digest = hashlib.sha256(path.name.encode())
    digest.update(content)
    return digest.digest()


@contextmanager
def termination() -> Iterator[threading.Event]:
    """An event that SIGTERM sets, in the place of ending the process; never set outside the main thread."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)
