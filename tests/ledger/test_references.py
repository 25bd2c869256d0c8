"""Whatever manuscript, captions and claims refer to is there, and every figure has its place in the manuscript."""

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from scaling import registry, rooms
from scaling.commands import _experiments
from scaling.config.sizes import SIZES
from scaling.ledger import captions

PAPER = rooms.REPOSITORY / "paper"
SECTIONS = {name: folder / "section.typ" for name, folder in rooms.studies().items()}
TEXTS = [path for path in (*PAPER.glob("*.typ"), *SECTIONS.values()) if path.is_file()]


def configuration(size: str) -> dict[str, Any]:
    return _experiments.configuration(Namespace(size=size, configfile=[]))


CONFIGS = {size: configuration(size) for size in SIZES}
KNOWN = {
    "measured": {name for config in CONFIGS.values() for name in config["claims"]},
    "drawn": {name for config in CONFIGS.values() for name in config["figures"]},
    "parameters": {name for config in CONFIGS.values() for name in config["laws"]},
}
KNOWN["see"] = KNOWN["drawn"]


def asked(path: Path, function: str) -> set[str]:
    """The names that a text calls a function of the template with."""
    return set(re.findall(rf'#{function}\("([^"]+)"', path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_reference_of_the_manuscript_leads_somewhere(path: Path) -> None:
    for function, known in KNOWN.items():
        assert asked(path, function) <= known, function


def test_every_reference_to_a_label_or_a_work_leads_somewhere() -> None:
    texts = [re.sub(r"//.*", "", path.read_text(encoding="utf-8")) for path in TEXTS]
    works = set(re.findall(r"^@\w+\{(.+),$", (PAPER / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    labels = {label for text in texts for label in re.findall(r"<([\w-]+)>", text)}
    cited = {name for text in texts for name in re.findall(r"(?<![\w.])@([\w-]+)", text)}
    assert cited <= works | labels
    assert works <= cited


@pytest.mark.parametrize("study", [name for name, path in SECTIONS.items() if path.is_file()])
def test_every_figure_of_a_study_stands_once_in_its_section_and_is_referred_to(study: str) -> None:
    own = {name for name in KNOWN["drawn"] if registry.study_of("figures", name) == study}
    text = SECTIONS[study].read_text(encoding="utf-8")
    assert sorted(re.findall(r'#drawn\("([^"]+)"', text)) == sorted(own)
    assert asked(SECTIONS[study], "see") == own


@pytest.mark.parametrize("size", SIZES)
def test_every_caption_is_filled_from_the_configuration(size: str) -> None:
    for name in CONFIGS[size]["figures"]:
        assert "{" not in captions.filled(name, registry.constant("figures", name, "CAPTION"), CONFIGS[size])
