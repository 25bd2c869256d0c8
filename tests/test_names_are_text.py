"""Names and captions are text: none is read as markup of a report or as mathematics of a figure."""

from pathlib import Path
from types import SimpleNamespace

import jinja2
import pandas as pd
import pytest
from docutils.core import publish_parts
from matplotlib.figure import Figure
from matplotlib.text import Text

from scaling import registry, rooms, style
from scaling.commands import _fit_figure

DOLLARS = r"$\frac{a}{b$ costs $5 {or} $x_1$"


@pytest.mark.parametrize(
    "caption",
    [
        ".. include:: secret.txt",
        ".. raw:: html <script>alert(1)</script>",
        "*stars*, `quotes`, |bars|, under_ and https://example.org::",
        r"a\b <b>bold</b> γ₁γ₂ = 0.5 ± 10⁻³",
        "- no list",
    ],
)
def test_a_caption_is_text_in_the_report(caption: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("the secret")
    template = (rooms.WORKFLOW / "captions" / "figure.rst").read_text(encoding="utf-8")
    job = SimpleNamespace(params=SimpleNamespace(caption=caption))
    body = publish_parts(jinja2.Template(template).render(snakemake=job), writer="html")["body"]
    escaped = caption.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    assert body.strip() == f"<p>{escaped}</p>"


def titles(figure: Figure) -> list[str]:
    """The titles of a figure as they would be drawn; raises ValueError where one is mathematics that is wrong."""
    figure.canvas.draw()
    return [
        text.get_text() for text in figure.findobj(Text) if "costs" in text.get_text() and not text.get_parse_math()
    ]


def points(names: list[str]) -> pd.DataFrame:
    x = [1.0, 10.0, 100.0]
    rows = [
        {"curve": name, "x": at, "y": 1 / at, "split": split, "seed": 0, "weight": 1.0}
        for name in names
        for at, split in zip(x, ("fit", "fit", "test"), strict=True)
    ]
    return pd.DataFrame(rows)


def test_curve_names_are_text_in_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{DOLLARS} {number}" for number in range(16)]
    table = points(names)
    law = table.rename(columns={"y": "value"}).assign(low=0.5, high=2.0, level=0.9)[
        lambda rows: rows["split"] == "test"
    ]
    with style.publication():
        figure, _ = registry.load("figures", "benchmark_gallery").draw({"points": table, "predictions": law})
        assert len(titles(figure)) == 16
    drawn: list[Figure] = []

    def save(figure: Figure, path: Path) -> None:
        drawn.append(figure)
        path.touch()

    monkeypatch.setattr(style, "save", save)
    _fit_figure.draw(DOLLARS, points([DOLLARS]), law, "bnsl", tmp_path / "figure")
    assert titles(drawn[0]) == [DOLLARS]
