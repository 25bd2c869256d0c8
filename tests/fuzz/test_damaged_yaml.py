"""Hundreds of damaged YAML texts: each is a configuration, or refused line by line; nothing else is raised."""

from pathlib import Path

import pytest
import yaml
from tests.fuzz.damage import of_bytes

from scaling.config.errors import ConfigError
from scaling.config.load import load
from scaling.config.yaml_files import load_yaml
from scaling.randomness import generator

REPOSITORY = Path(__file__).resolve().parents[2]
COUNTS = [150, pytest.param(1000, marks=pytest.mark.nightly)]
SECTIONS = ("size", "data", "datasets", "accept_archive")


@pytest.mark.parametrize("count", COUNTS)
def test_a_damaged_text_is_read_or_refused_line_by_line(count: int, tmp_path: Path) -> None:
    random, path = generator("fuzz", "yaml", str(count)), tmp_path / "mine.yaml"
    raw = yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump({key: raw[key] for key in SECTIONS}).encode()
    outcomes = {"read": 0, "refused": 0}
    for _ in range(count):
        path.write_bytes(of_bytes(text, random))
        message = refusal(path)
        assert all("; allowed: " in line for line in message.splitlines()), message
        outcomes["refused" if message else "read"] += 1
    assert min(outcomes.values()) > count // 200, outcomes


def refusal(path: Path) -> str:
    """Why a configuration is refused; nothing when it is read."""
    try:
        load(load_yaml(path))
    except ConfigError as error:
        return str(error)
    return ""
