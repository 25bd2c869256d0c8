"""The page as a document: valid, escaped, whole, and fit for keyboards, screen readers and weak eyes."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.page.markup import Element, Reader, read

from scaling.page.rendered import TEMPLATES

LARGEST = 3_000_000  # bytes
TEXT_ON = {  # colour of text → backgrounds that it stands on
    "ink": ("page", "card"),
    "soft": ("page", "card"),
    "link": ("page", "card"),
    "yes": ("yes-tint",),
    "no": ("no-tint",),
    "open": ("open-tint",),
    "mark": ("mark-tint",),
}


@pytest.fixture(scope="module")
def document(made: Any) -> Reader:
    return read(made.html)


def named(document: Reader, tag: str) -> list[Element]:
    return [element for element in document.elements if element.tag == tag]


def test_every_element_is_closed_where_it_may_be(document: Reader) -> None:
    assert document.mistakes == []


def test_places_have_different_names_without_blanks(document: Reader) -> None:
    names = Counter(element.attributes["id"] for element in document.elements if "id" in element.attributes)
    assert [name for name, count in names.items() if count > 1 or not re.fullmatch(r"[\w.-]+", name)] == []


def test_hostile_words_are_shown_and_not_obeyed(document: Reader, made: Any) -> None:
    scripts = named(document, "script")
    assert len(scripts) == 1
    assert scripts[0].text.strip() == (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()
    assert len(named(document, "style")) == 1
    assert not [name for element in document.elements for name in element.attributes if name.startswith("on")]
    hostile = made.config["claims"][made.ledger["id"][0]]["statement"]
    (panel,) = [
        element for element in named(document, "article") if element.attributes.get("id") == "claim-A_early_exponent"
    ]
    assert panel.text.count(hostile) == 3  # statement, source and images
    assert all(hostile in figure.text for figure in named(document, "figure"))


def test_links_lead_to_places_and_files_that_are_there(document: Reader, site: Path) -> None:
    places = {element.attributes.get("id") for element in document.elements}
    links = [element.attributes["href"] for element in named(document, "a")]
    links += [element.attributes["src"] for element in named(document, "img")]
    assert not [link for link in links if re.match(r"[a-z]+:|/", link)]
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside - places == set()
    outside = {unquote(link) for link in links if not link.startswith("#")}
    assert [link for link in outside if not (site.parent / link).is_file()] == []
    assert len(outside) > 100


def test_every_claim_is_two_clicks_from_its_code_and_data(document: Reader, made: Any) -> None:
    reached = {element.attributes["href"] for element in named(document, "a") if element.around[-1] == "th"}
    assert reached >= {f"#{claim.anchor}" for claim in made.contents.claims}
    panels = made.html.partition('class="panels"')[2].split("<article")[1:]
    assert len(panels) == len(made.ledger)
    for text, claim in zip(panels, made.contents.claims, strict=True):
        assert f'href="../../workflow/studies/{claim.study}/measures/' in text
        assert all(f'href="{table.link.text}.parquet"' in text for table in claim.tables)


def test_a_mark_stands_in_the_row_in_the_panel_and_where_a_study_opens(document: Reader, made: Any) -> None:
    by_place = {element.attributes["id"]: element.text for element in document.elements if "id" in element.attributes}
    marked = [claim for claim in made.contents.claims if claim.marks]
    assert len(marked) > 20
    for claim in marked:
        assert all(mark in by_place[f"row-{claim.name}"] for mark in claim.marks)
        assert all(mark in by_place[f"claim-{claim.name}"] for mark in claim.marks)
    opened = [study.finding for study in made.contents.studies if study.finding and study.finding.marks]
    assert all(mark in by_place["findings"] for claim in opened for mark in claim.marks)


def test_headings_skip_no_level(document: Reader) -> None:
    levels = [int(element.tag[1]) for element in document.elements if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_controls_pictures_and_cells_have_names(document: Reader) -> None:
    assert all("label" in element.around for element in document.elements if element.tag in ("input", "select"))
    assert all("alt" in element.attributes for element in named(document, "img"))
    assert all(element.attributes.get("aria-label") for element in named(document, "svg"))
    assert all(element.attributes.get("scope") for element in named(document, "th"))
    assert all(element.text.strip() for element in document.elements if element.tag in ("a", "button", "th", "label"))
    (html,) = named(document, "html")
    assert html.attributes["lang"] == "en"


def test_a_verdict_is_told_by_a_word_and_a_symbol_wherever_it_has_a_colour(document: Reader) -> None:
    colours = {"reproduced": "✓", "not-reproduced": "✗", "inconclusive": "○"}
    coloured = [
        (element.text, name)
        for element in document.elements
        for name in element.attributes.get("class", "").split()
        if name in colours
    ]
    assert len(coloured) > 400
    assert all(colours[name] in text and name.replace("-", " ") in text for text, name in coloured)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_background(scheme: str) -> None:
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[["light", "dark"].index(scheme)]))
    pairs = [(text, background) for text, backgrounds in TEXT_ON.items() for background in backgrounds]
    found = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
    assert set(colours) == {*TEXT_ON, *(name for names in TEXT_ON.values() for name in names), "line", "band"}


def test_the_page_needs_nothing_else_and_stays_small(made: Any) -> None:
    assert len(made.ledger) > 200
    assert len(made.html.encode()) < LARGEST
    assert not re.search(r"@import|url\(|<link rel=\"stylesheet|src=\"http", made.html)
