"""The page as HTML, from its contents and the templates beside this file; every text is escaped."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scaling.page.claim_panels import VERDICTS, anchor
from scaling.page.contents import Contents
from scaling.page.interval_plot import WIDTH

TEMPLATES = Path(__file__).parent / "templates"
SYMBOLS = {"reproduced": "✓", "not reproduced": "✗", "inconclusive": "○"}


def html(contents: Contents) -> str:
    """The whole page, with its style and script in it."""
    page = _environment().get_template("index.html")
    return page.render(
        contents=contents,
        panels={claim.name: claim for claim in contents.claims},
        figures={figure.name: figure for study in contents.studies for figure in study.figures},
        style=_verbatim("page.css"),
        script=_verbatim("page.js"),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = together
    environment.globals |= {"VERDICTS": VERDICTS, "SYMBOLS": SYMBOLS, "WIDTH": WIDTH, "anchor": anchor}
    return environment


def together(text: str) -> str:
    """A text that breaks nowhere within brackets."""
    return re.sub(r"\(.*?\)|\[.*?\]", lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


def _verbatim(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))
