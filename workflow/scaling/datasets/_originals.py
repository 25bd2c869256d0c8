"""The published files of data sets: looked up in the user's folder, or downloaded into the cache and checked."""

import hashlib
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from scaling.datasets import DataError, find, search

PATIENCE = 30.0  # seconds
SLOWEST = 20_000  # bytes a second
LONGEST = 3600.0  # seconds, for one file from one mirror
LARGEST = 400_000_000  # bytes, about twice the largest of our files
CHUNK = 1 << 16


@dataclass(frozen=True)
class Origin:
    """Where a data set comes from.

    `files` maps the name of each published file to its md5 or sha256; each mirror is an address that the name
    completes. `shape` is that of one image, () where there are none; no file has more bytes than `largest`. The home
    page says how to cite the set.
    """

    title: str
    home_page: str
    licence: str
    shape: tuple[int, ...]
    files: Mapping[str, str]
    mirrors: Sequence[str]
    largest: int = LARGEST

    @property
    def advice(self) -> str:
        """How to get a file by hand."""
        return f"`snakemake downloads` fetches it; or fetch it by hand from its home page {self.home_page}"


def obtain(origin: Origin, names: Sequence[str], folder: Path | None, cache: Path | None) -> Path:
    """Where the first of `names` lies in the user's folder; else the last of them, downloaded into the cache.

    Without a cache nothing is downloaded. Raises DataError when the file cannot be had.
    """
    if cache is None:
        return find(folder, names, origin.advice)
    return search(folder, names) or fetch(origin, names[-1], cache / "datasets")


def fetch(origin: Origin, name: str, place: Path) -> Path:
    """A published file in the folder `place`, downloaded from the first mirror that hands it over whole.

    Raises DataError, in one line, with what was wrong at each mirror, what to fetch by hand and where to put it.
    """
    path, problems = place / name, []
    if path.is_file():
        if digest_like(origin.files[name], path) == origin.files[name]:
            return path
        problems.append(f"{path} has another {_kind(origin.files[name])}")
    place.mkdir(parents=True, exist_ok=True)
    for mirror in origin.mirrors:
        try:
            _download(mirror + name, path, origin)
        except (OSError, HTTPException, ValueError) as error:
            reason = str(error).strip("<>").replace("\n", " ")
            problems.append(f"{urlsplit(mirror).netloc}: {reason}")
        else:
            return path
    by_hand = f"fetch it by hand from its home page {origin.home_page} and put it into {place} or your data.folder"
    raise DataError(f"{origin.title}: {name} could not be downloaded ({'; '.join(problems)}); {by_hand}")


def check_digest(origin: Origin, path: Path) -> None:
    """Raise DataError when a file is not the published one of its name."""
    expected = origin.files[path.name]
    if (found := digest_like(expected, path)) != expected:
        found = f"{_kind(expected)} {found}"
        raise DataError(f"{path}: found {found}; allowed: {expected}; not the original; {origin.advice}")


def digest_like(digest: str, path: Path) -> str:
    """The md5 or sha256 of a file's content, whichever another digest is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(_kind(digest), usedforsecurity=False)).hexdigest()


def _kind(digest: str) -> str:
    return "md5" if len(digest) == 32 else "sha256"


def _download(url: str, path: Path, origin: Origin) -> None:
    """Raises OSError, HTTPException or ValueError when the file does not arrive, or not as it was published."""
    request = Request(url, headers={"User-Agent": "scaling"})  # some hosts refuse Python's own name
    with (
        tempfile.TemporaryDirectory(dir=path.parent) as scratch,
        at_most(LONGEST),
        urlopen(request, timeout=PATIENCE) as response,
    ):
        part = Path(scratch, path.name)
        most = min(origin.largest, LARGEST)
        total, received, mark = int(response.headers["Content-Length"] or 0), 0, (time.monotonic(), 0)
        with part.open("wb") as file, _Meter(f"{origin.title} (licence: {origin.licence}): {path.name}") as meter:
            while chunk := response.read1(CHUNK):
                if received == 0 and chunk.lstrip().startswith(b"<"):
                    raise ValueError("sent a web page instead of the file")
                received += len(chunk)
                if max(received, total) > most:
                    raise ValueError(f"too big, more than {most:,} bytes")
                file.write(chunk)
                meter.show(received, total)
                seconds = time.monotonic() - mark[0]
                if seconds > PATIENCE:
                    if received - mark[1] < SLOWEST * seconds:
                        raise ValueError(f"too slow, {(received - mark[1]) / seconds / 1000:.1f} kB/s")
                    mark = (time.monotonic(), received)
        if received < total:
            raise ValueError(f"broke off after {received:,} of {total:,} bytes")
        expected = origin.files[path.name]
        if (found := digest_like(expected, part)) != expected:
            raise ValueError(f"sent a file with {_kind(expected)} {found} instead of {expected}")
        part.replace(path)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the block takes longer, whatever it waits for; without effect outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*signal_and_frame: object) -> None:
        raise TimeoutError(f"took more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Meter:
    """One line on the terminal, also where the standard error goes to a log; nothing where there is no terminal."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.terminal = sys.__stderr__ if sys.__stderr__ and sys.__stderr__.isatty() else None
        self.shown = 0.0

    def __enter__(self) -> "_Meter":
        return self

    def __exit__(self, *error: object) -> None:
        if self.terminal and self.shown:
            print(file=self.terminal)

    def show(self, received: int, total: int) -> None:
        """Write how far it is, a few times a second."""
        if self.terminal and (time.monotonic() - self.shown > 0.2 or received == total):
            self.shown = time.monotonic()
            of_total = f" of {total / 1e6:.1f}" if total else ""
            print(f"\r{self.title}, {received / 1e6:.1f}{of_total} MB", end="", file=self.terminal, flush=True)
