"""Downloads from a server of our own, with everything that goes wrong in the world."""

import hashlib
import io
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from scaling import registry
from scaling.datasets import DataError, _originals
from scaling.datasets._downloads import Wanted, download
from scaling.datasets._originals import Origin, fetch, obtain

CONTENT = np.random.default_rng(0).bytes(300_000)
MD5 = hashlib.md5(CONTENT).hexdigest()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PAGE = b"\n<!DOCTYPE html><title>Sign in</title>" + b" " * 1000


class Host(BaseHTTPRequestHandler):
    """Behaves well or badly according to the first part of the address."""

    release = threading.Event()

    def do_GET(self) -> None:
        behaviour = self.path.split("/")[1]
        while behaviour == "wordy" and not self.release.wait(0.05):
            self.wfile.write(b"H")
            self.wfile.flush()
        if behaviour == "absent":
            self.send_error(404)
            return
        content = {"page": PAGE, "wrong": CONTENT[::-1]}.get(behaviour, CONTENT)
        self.send_response(200)
        if behaviour != "endless":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if behaviour == "truncated":
            self.wfile.write(content[:1000])
        elif behaviour == "stalled":
            self.wfile.write(content[:1000])
            self.wfile.flush()
            self.release.wait(20)
        elif behaviour == "dripping":
            for start in range(len(content)):
                self.wfile.write(content[start : start + 1])
                self.wfile.flush()
                if self.release.wait(0.05):
                    return
        elif behaviour == "trickling":
            for start in range(0, 1000, 10):
                self.wfile.write(content[start : start + 10])
                self.wfile.flush()
                if self.release.wait(0.02):
                    return
        else:
            self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(_originals, "PATIENCE", 0.5)
    Host.release.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Host.release.set()
    server.shutdown()
    server.server_close()


def origin(address: str, *behaviours: str) -> Origin:
    mirrors = [f"{address}/{behaviour}/" for behaviour in behaviours]
    return Origin("Some set", "http://home.example", "free", (2, 2), {"data.bin": MD5}, mirrors)


def test_a_good_mirror_hands_the_file_over_once(address: str, tmp_path: Path) -> None:
    path = fetch(origin(address, "good"), "data.bin", tmp_path / "cache" / "deep")
    assert path.read_bytes() == CONTENT
    assert [item.name for item in path.parent.iterdir()] == ["data.bin"]
    assert fetch(origin(address), "data.bin", path.parent) == path  # no mirror is asked again


def test_a_file_may_be_known_by_its_sha256(address: str, tmp_path: Path) -> None:
    known = replace(origin(address, "wrong", "good"), files={"data.bin": SHA256})
    assert fetch(known, "data.bin", tmp_path).read_bytes() == CONTENT
    with pytest.raises(DataError, match=f"sent a file with sha256 [0-9a-f]{{64}} instead of {SHA256}"):
        fetch(replace(known, mirrors=known.mirrors[:1]), "data.bin", tmp_path / "other")


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("absent", "404"),
        ("page", "web page instead of the file"),
        ("truncated", "broke off after 1,000 of 300,000 bytes"),
        ("wrong", f"md5 {hashlib.md5(CONTENT[::-1]).hexdigest()} instead of {MD5}"),
        ("stalled", "timed out"),
        ("trickling", "too slow"),
    ],
)
def test_a_bad_mirror_is_named_in_one_line_and_the_next_is_asked(
    address: str, tmp_path: Path, behaviour: str, words: str
) -> None:
    with pytest.raises(DataError) as error:
        fetch(origin(address, behaviour), "data.bin", tmp_path)
    host = address.removeprefix("http://")
    for expected in ("Some set: data.bin", host, words, "http://home.example", f"put it into {tmp_path}"):
        assert expected in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []
    assert fetch(origin(address, behaviour, "good"), "data.bin", tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("behaviour", ["dripping", "wordy"])
def test_a_download_has_a_total_time(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    """Each byte comes in time, in the content or before it, and the end never."""
    monkeypatch.setattr(_originals, "PATIENCE", 1000)
    monkeypatch.setattr(_originals, "LONGEST", 0.5)
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(DataError, match=r"took more than 0.5 s"):
        fetch(origin(address, behaviour), "data.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == (before, (0.0, 0.0))


@pytest.mark.parametrize("behaviour", ["good", "endless"])
def test_a_file_bigger_than_the_published_one_is_not_taken(address: str, tmp_path: Path, behaviour: str) -> None:
    known = replace(origin(address, behaviour), largest=len(CONTENT) - 1)
    with pytest.raises(DataError, match=r"too big, more than 299,999 bytes"):
        fetch(known, "data.bin", tmp_path)
    assert fetch(replace(known, largest=len(CONTENT)), "data.bin", tmp_path).read_bytes() == CONTENT


def test_published_files_are_no_bigger_than_registered(shared_datasets: Path) -> None:
    for kind, name in [("datasets", "mnist"), ("curves", "published_benchmark"), ("curves", "published_chinchilla")]:
        described = registry.load(kind, name).ORIGIN
        sizes = [path.stat().st_size for file in described.files for path in shared_datasets.rglob(file)]
        assert len(sizes) == len(described.files)
        assert max(sizes) == described.largest


def test_a_cache_that_cannot_be_written_is_said_for_each_file(address: str, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    known = SimpleNamespace(ORIGIN=origin(address, "good"), files=lambda options, folder: [])
    lines: list[str] = []
    with pytest.raises(DataError, match="found none of 1 files"):
        download([Wanted("some", known, tmp_path / "cache" / "datasets")], None, lines.append)
    assert lines[0].startswith("some: failed: [Errno 20] Not a directory")


def test_a_file_beyond_all_bounds_is_not_taken(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_originals, "LARGEST", len(CONTENT) - 1)
    for behaviour in ("good", "endless"):
        with pytest.raises(DataError, match=r"too big, more than 299,999 bytes"):
            fetch(origin(address, behaviour), "data.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []


def wanted(name: str, place: Path, described: Origin, here: Path | None = None) -> Wanted:
    """A source whose files the user may have in a folder."""

    def files(options: object, folder: Path) -> list[Path]:
        if folder != here:
            raise DataError("data.bin is not here")
        return [folder / "data.bin"]

    return Wanted(name, SimpleNamespace(ORIGIN=described, files=files), place)


def test_all_that_can_be_had_is_downloaded_and_each_failure_said(address: str, tmp_path: Path) -> None:
    said: list[str] = []
    cache, mine = tmp_path / "cache", tmp_path / "mine"
    good, other = origin(address, "good"), replace(origin(address, "good"), title="Another set")
    sources = [
        wanted("owned", cache, replace(good, title="Owned"), mine),
        *(
            wanted(kind, cache / kind, replace(origin(address, kind), title=kind))
            for kind in ("absent", "wrong", "stalled")
        ),
        wanted("good", cache / "datasets", good),
        wanted("part of it", cache / "datasets", good),  # shares its files
        wanted("other", cache / "curves", other),
    ]
    download(sources, mine, said.append)
    assert said[0] == "owned: in your data folder"
    for line, name, reason in zip(
        said[1:4], ("absent", "wrong", "stalled"), ("404", "instead of", "timed out"), strict=True
    ):
        assert line.startswith(f"{name}: failed: ")
        assert reason in line
    assert said[4:] == [f"good: {cache / 'datasets' / 'data.bin'}", f"other: {cache / 'curves' / 'data.bin'}"]
    assert (cache / "curves" / "data.bin").read_bytes() == CONTENT
    download(sources[1:4] + sources[4:5], None, said.append)  # what is there counts, though nothing new came


def test_nothing_at_all_is_a_failure(address: str, tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(DataError, match="found none of 2 files; allowed: a network, or files fetched by hand"):
        download(
            [wanted("a", tmp_path, origin(address, "absent")), wanted("b", tmp_path, origin(address, "page"))],
            None,
            said.append,
        )
    assert len(said) == 2


def test_no_host_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(
        DataError, match=r"data.bin could not be downloaded \(127.0.0.1:9: .*refused\); fetch it by hand"
    ):
        fetch(origin("http://127.0.0.1:9", "any"), "data.bin", tmp_path)


def test_a_damaged_file_in_the_cache_is_fetched_anew_or_named(address: str, tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(DataError, match=r"data.bin has another md5; 127.0.0.1"):
        fetch(origin(address, "absent"), "data.bin", tmp_path)
    assert fetch(origin(address, "good"), "data.bin", tmp_path).read_bytes() == CONTENT


def test_the_users_file_goes_before_the_cache_and_without_a_cache_nothing_is_downloaded(
    address: str, tmp_path: Path
) -> None:
    mine, cache = tmp_path / "mine", tmp_path / "cache"
    mine.mkdir()
    good, names = origin(address, "good"), ["unpacked.bin", "data.bin"]
    for folder in (None, mine):
        assert obtain(good, names, folder, cache) == cache / "datasets" / "data.bin"
        with pytest.raises(DataError, match=r"unpacked.bin or data.bin.*`snakemake downloads` fetches it"):
            obtain(good, names, folder, None)
    (mine / "unpacked.bin").write_text("")
    assert obtain(good, names, mine, cache) == mine / "unpacked.bin"
    with pytest.raises(DataError, match="found no such folder"):
        obtain(good, names, tmp_path / "mistyped", cache)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for output, expected in ((io.StringIO(), ""), (Terminal(), "Some set (licence: free): data.bin, 0.3 of 0.3 MB\n")):
        monkeypatch.setattr(sys, "__stderr__", output)
        (tmp_path / "data.bin").unlink(missing_ok=True)
        fetch(origin(address, "good"), "data.bin", tmp_path)
        assert output.getvalue().rpartition("\r")[2] == expected


@pytest.mark.parametrize("name", [name for name in registry.names("datasets") if name not in ("digits", "npz")])
def test_published_sets_say_where_they_come_from(name: str) -> None:
    described: Origin = registry.load("datasets", name).ORIGIN
    assert described.title
    assert described.licence
    assert len(described.shape) in (2, 3)
    assert len(described.mirrors) >= 2
    assert all(url.startswith("http") and url.endswith("/") for url in described.mirrors)
    assert all(len(md5) == 32 and int(md5, 16) for md5 in described.files.values())


def test_mnist_downloads_what_the_user_lacks(
    shared_datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mnist = registry.load("datasets", "mnist")
    originals = shared_datasets / "mnist" / "MNIST" / "raw"
    asked: list[str] = []

    def copy(url: str, path: Path, origin: Origin) -> None:
        asked.append(url)
        path.write_bytes((originals / path.name).read_bytes())

    monkeypatch.setattr(_originals, "_download", copy)
    (tmp_path / "mine").mkdir()
    for name in list(mnist.UNPACKED)[:3]:
        (tmp_path / "mine" / f"{name}.gz").symlink_to(originals / f"{name}.gz")
    images = mnist.load({}, tmp_path / "mine", tmp_path / "cache")
    assert asked == [mnist.ORIGIN.mirrors[0] + "t10k-labels-idx1-ubyte.gz"]
    assert images.x.shape[1:] == mnist.ORIGIN.shape
    assert len(images.y_test) == 10_000
