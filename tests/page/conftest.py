"""A made run of all studies: a ledger with drawn values, hostile words, and files for all that the page links to."""

import struct
import zlib
from argparse import Namespace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from scaling.commands import _experiments
from scaling.ledger import verdicts
from scaling.ledger.lineage import Entry, read_by
from scaling.page import contents, rendered
from scaling.page.contents import Contents
from scaling.randomness import generator
from scaling.rooms import REPOSITORY

HOSTILE = "<script>alert('1')</script> & \"quoted\" </style> {{ 7 * 7 }}"
SIZE, OTHER = "laptop", "smoke"


class Made(NamedTuple):
    """The page of a made run, what it was made from, and its text."""

    contents: Contents
    config: dict[str, Any]
    ledger: pd.DataFrame
    html: str


def _ledger(config: dict[str, Any], size: str) -> pd.DataFrame:
    """A value for four of five claims, three tolerances or so from the published one."""
    random = generator("test_page", "values")
    rows = []
    for name, claim in config["claims"].items():
        width = verdicts.tolerance(claim) or 0.1
        value = (claim["published"] or 0.0) + 3 * width * random.standard_normal()
        measured = verdicts.Measurement(value, value - width / 2, value + width / 2, 0.95, 20, "made up")
        rows.append(verdicts.row(name, claim, measured if random.random() < 0.8 else None, size))
    return verdicts.table(rows)


def _records(config: dict[str, Any]) -> list[dict[str, Any]]:
    hardware = {"machine": "x86_64", "system": "Linux", "cores": 2}
    done = {"commit": "0123456789ab", "started": "2026-01-02T03:04:05+00:00", "seconds": 30.0, "hardware": hardware}
    groups = [{"seeds": [0, 1, 2]}, {"seeds": [0, 1]}]
    training = {"rule": "train_networks", "wildcards": {"entry": "a", "job": "0"}, "config": {"groups": groups}}
    claims = [
        {
            "rule": "measure_claims",
            "wildcards": {"study": study},
            "inputs": {
                f"results/{SIZE}/{place}.parquet": "ab" * 32
                for name, claim in config["claims"].items()
                if claim["study"] == study
                for place in read_by(config, Entry("claims", name))
            },
            "config": {},
            **done,
        }
        for study in config["studies"]
    ]
    return [{**training, **done}, *claims, {"rule": "restore_tables", "inputs": {}}]


@pytest.fixture(scope="session")
def made() -> Made:
    """The page at laptop size with a smoke run beside it; the first claim and every caption hold hostile words."""
    config = _experiments.configuration(Namespace(size=SIZE, configfile=[]))
    first = next(iter(config["claims"].values()))
    first["statement"] = first["source"] = HOSTILE
    ledger = _ledger(config, SIZE)
    ledger.loc[1, "reason"] = HOSTILE
    captions = dict.fromkeys(config["figures"], f"A caption with {HOSTILE}.")
    pixels = dict.fromkeys(config["figures"], (600, 400))
    images = {name: [f"set, from {HOSTILE}.npz"] for name in config["claims"]}
    others = {OTHER: _ledger(config, OTHER)}
    shown = contents.contents(config, ledger, _records(config), captions, pixels, others, images, HOSTILE)
    return Made(shown, config, ledger, rendered.html(shown))


@pytest.fixture(scope="session")
def site(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file, with all that it links to beside it."""
    root = tmp_path_factory.mktemp("site")
    results = root / "results" / SIZE
    (root / "workflow").symlink_to(REPOSITORY / "workflow")
    places = [f"figures/{name}/{name}.{kind}" for name in made.config["figures"] for kind in ("pdf", "csv")]
    places += [f"{table.link.text}.parquet" for claim in made.contents.claims for table in claim.tables]
    places += ["claims.csv", "paper.pdf", f"../{OTHER}/index.html"]
    for place in places:
        (results / place).parent.mkdir(parents=True, exist_ok=True)
        (results / place).write_text("", encoding="utf-8")
    for name in made.config["figures"]:
        (results / f"figures/{name}/{name}.png").write_bytes(_png())
    page = results / "index.html"
    page.write_text(made.html, encoding="utf-8")
    return page


def _png() -> bytes:
    """A white picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")
