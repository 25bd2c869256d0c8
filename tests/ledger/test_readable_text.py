"""Running text holds no number that was not measured: its sentence goes, or one line stands for the whole part."""

import json
import shutil
from pathlib import Path

import pytest
import typst
from tests.workflow.pdf_text import text_of

from scaling.rooms import REPOSITORY

HEAD = '#import "/paper/readable.typ": readable\n#import "/paper/template.typ": by-verdict, measured\n'
APPENDIX = '\n#set heading(numbering: "1")\n= Ledger <ledger>\n#metadata(none)#label("claim-here")'
NUMBERS = {
    "measured": {"here": "0.125"},
    "claims": {"A": [{"id": "here", "verdict": "reproduced"}]},
    "figures": {},
    "laws": {},
    "studies": [],
    "papers": [],
}


def read(folder: Path, text: str) -> str:
    """The words that are set of a text in which the claim `here` is measured, and no other."""
    shutil.copytree(REPOSITORY / "paper", folder / "paper")
    (folder / "results" / "paper").mkdir(parents=True)
    (folder / "results" / "paper" / "numbers.json").write_text(json.dumps(NUMBERS))
    (folder / "text.typ").write_text(f"{HEAD}#readable[\n{text}\n]{APPENDIX}", encoding="utf-8")
    about = {"results": "/results", "size": "laptop"}
    typst.compile(folder / "text.typ", output=folder / "text.pdf", root=folder, sys_inputs=about)
    return text_of(folder / "text.pdf").partition("Ledger")[0]


@pytest.mark.parametrize(
    ("text", "stays", "goes"),
    [
        ('First it is #measured("here"). Then it is #measured("gone"). Last words.', "First Last 0.125", "Then"),
        ('First it is\n#measured("here"). Then $x^2$ is\n#measured("gone"), or not. Last words.', "First Last", "Then"),
        ('Here as et al. say #measured("here").\n\nOther words are #measured("gone").', "Here say 0.125", "Other"),
        (
            '= Title\nIt is #measured("here").\n#if true [ Nested #emph[it #measured("gone")]. ] End.',
            "Title End",
            "Nested",
        ),
        ('Words #by-verdict("here", [hold], [fail], [may]) without numbers.', "Words hold numbers", "fail"),
        ("= Title\nNothing is claimed. Nothing is missing.", "Title claimed missing", "measured"),
    ],
)
def test_a_sentence_without_its_number_is_left_out(tmp_path: Path, text: str, stays: str, goes: str) -> None:
    words = read(tmp_path, text)
    assert all(word in words for word in stays.split())
    assert goes not in words


def test_a_part_without_any_number_is_one_line_and_its_figures(tmp_path: Path) -> None:
    text = (
        '= Title\nIt is #measured("here").\n== Part\nWords on #measured("gone"). More words.\n\n'
        "#figure([Picture], caption: [Caption]) <picture>\n\nAfter all.\n== Other\nKept."
    )
    words = read(tmp_path, text)
    assert all(word in words for word in ("Title", "0.125", "Part", "Picture", "Caption", "Other", "Kept"))
    assert not any(word in words for word in ("More", "After"))
    assert words.count("No claim of this part is measured at size laptop") == 1


def test_a_text_without_any_number_is_one_line(tmp_path: Path) -> None:
    words = read(tmp_path, '= Title\n== One\nIt is #measured("gone").\n== Two\nIt is #measured("lost") too.')
    assert words.count("No claim of this part is measured") == 1
    assert "One" not in words
