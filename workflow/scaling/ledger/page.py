"""The ledger of claims as a page to read in a browser, and as tables for the README."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from scaling.ledger.verdicts import shown_measured, shown_published

VERDICTS = ("reproduced", "not reproduced", "inconclusive")
STYLE = """
body { font: 16px/1.5 Georgia, serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
article { border-left: 5px solid #bbb; padding: .2rem 1rem; margin: 1.2rem 0; }
article.reproduced { border-color: #2a7f4f; } article.not { border-color: #b3322c; }
.verdict { font: bold .85rem sans-serif; text-transform: uppercase; letter-spacing: .04em; }
.reproduced .verdict { color: #2a7f4f; } .not .verdict { color: #b3322c; } .inconclusive .verdict { color: #777; }
p { margin: .2rem 0; } .id, .how { color: #666; font: .85rem sans-serif; }
td, th { padding: .1rem 1.2rem .1rem 0; text-align: left; font-size: .95rem; }
"""


def html(
    claims: pd.DataFrame,
    tables: Mapping[str, Sequence[str]],
    figures: Mapping[str, Sequence[str]],
    images: Mapping[str, Sequence[str]],
    origin: str = "",
) -> str:
    """A page to read: a count of the verdicts, then every claim with its numbers, paper by paper.

    `tables` and `figures` name what each claim was measured on and what shows it; the page, which lies in a folder of
    results/<size>, links to them. `images` says from which files the images of a claim were read, `origin` where
    tables come from that were not made here.
    """
    counts = claims["verdict"].value_counts()
    summary = ", ".join(f"{counts.get(name, 0)} {name}" for name in VERDICTS)
    size = escape(str(claims["size"].iloc[0]))
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Ledger of claims</title><style>{STYLE}</style>",
        f"<h1>Ledger of claims</h1><p>{len(claims)} claims at size {size}: {summary}.</p>",
        f"<p><strong>Tables of networks, theories and simulations: {escape(origin)}.</strong></p>" if origin else "",
        "<p>A claim is reproduced when our whole interval lies within the published value ± tolerance, "
        "not reproduced when it lies wholly outside, and inconclusive otherwise. "
        "Tolerances were fixed before measuring, unless the source says otherwise.</p>",
    ]
    for paper, rows in claims.groupby("paper", sort=True):
        parts.append(f"<h2>{'Our own' if paper == 'ours' else f'Paper {escape(str(paper))}'}</h2>")
        parts += [
            _article(row, *(known.get(row["id"], ()) for known in (tables, figures, images)))
            for _, row in rows.iterrows()
        ]
    return "\n".join(parts) + "</html>\n"


def markdown(claims: pd.DataFrame) -> str:
    """The ledger as a table, one row per claim."""
    lines = ["| claim | statement | published | measured | verdict |", "|---|---|---|---|---|"]
    for _, row in claims.iterrows():
        reason = "" if pd.isna(row["reason"]) or not row["reason"] else f": {row['reason']}"
        verdict = f"{row['verdict']}{reason}"
        cells = (f"`{row['id']}`", row["statement"], shown_published(row), shown_measured(row), verdict)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def counts(ledgers: Mapping[str, pd.DataFrame]) -> str:
    """How many claims of each paper have which verdict, as a table; the ledgers of several sizes side by side."""
    titles = [f"{size}: {VERDICTS[0]}{''.join(f' | {name}' for name in VERDICTS[1:])}" for size in ledgers]
    lines = [f"| claims of | {' | '.join(titles)} |", "|---" * (1 + len(VERDICTS) * len(ledgers)) + "|"]
    papers = sorted({str(paper) for claims in ledgers.values() for paper in claims["paper"]})
    for paper in papers:
        found = [claims[claims["paper"] == paper]["verdict"].value_counts() for claims in ledgers.values()]
        cells = [str(numbers.get(name, 0)) for numbers in found for name in VERDICTS]
        lines.append(f"| {' | '.join([paper, *cells])} |")
    return "\n".join(lines) + "\n"


def _article(row: pd.Series, tables: Sequence[str], figures: Sequence[str], images: Sequence[str]) -> str:
    reason = "" if pd.isna(row["reason"]) or not row["reason"] else f": {escape(row['reason'])}"
    return (
        f"<article class='{row['verdict']}' id='{escape(row['id'])}'>"
        f"<p class='verdict'>{escape(row['verdict'])}{reason}</p><p>{escape(row['statement'])}</p>"
        f"<table><tr><th>published</th><td>{escape(shown_published(row))}</td></tr>"
        f"<tr><th>measured</th><td>{escape(shown_measured(row))}</td></tr></table>"
        f"<p class='how'>{escape(_how(row))}</p>"
        f"<p class='id'>{escape(row['id'])} · {escape(row['source'])}</p>"
        f"{_links('figures', {name: f'../figures/{name}/{name}.png' for name in figures})}"
        f"{_links('tables', {place: f'../{place}.parquet' for place in tables})}"
        f"{_images(images)}"
        f"<p class='id'>more: <code>envs/run python -m scaling explain {escape(row['id'])}</code></p></article>"
    )


def _images(images: Sequence[str]) -> str:
    return f"<p class='id'>images: {escape('; '.join(images))}</p>" if images else ""


def _links(title: str, places: Mapping[str, str]) -> str:
    if not places:
        return ""
    links = ", ".join(f"<a href='{escape(place)}'>{escape(name)}</a>" for name, place in places.items())
    return f"<p class='id'>{title}: {links}</p>"


def _how(row: pd.Series) -> str:
    if pd.isna(row["measured"]):
        return ""
    level = "" if pd.isna(row["level"]) else f"{100 * row['level']:g} % interval, "
    count = "" if pd.isna(row["n"]) else f", n = {row['n']:g}"
    return f"{level}{row['interval']}{count}"
