"""One page for people: figures, tables, warnings and the backtest of a fit, in a file that needs no other."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import pandas as pd

from scaling.version import __version__

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ccc }
table { border-collapse: collapse; font-size: 13px; margin: .5rem 0 } th { text-align: left; background: #f3f3f3 }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #e3e3e3; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums } figure { display: inline-block; margin: .5rem }
img { max-width: 100%; width: 28rem }
pre { background: #f7f7f7; padding: .6rem; overflow-x: auto; white-space: pre-wrap }
"""
MOST_FIGURES = 40


def write(
    path: Path,
    title: str,
    account: str,
    tables: Mapping[str, tuple[str, pd.DataFrame]],
    figures: Sequence[tuple[str, Path]],
    made: Mapping[str, object],
) -> None:
    """Write the page: `tables` by heading, each with a line that explains it; `made` says how it was made."""
    parts = [f"<h1>{escape(title)}</h1>", f"<pre>{escape(account)}</pre>", "<h2>Curves</h2>"]
    parts += [_figure(name, picture) for name, picture in figures[:MOST_FIGURES]]
    if len(figures) > MOST_FIGURES:
        parts.append(f"<p>{len(figures) - MOST_FIGURES} more lie in the folder figures.</p>")
    for heading, (words, table) in tables.items():
        parts += [f"<h2>{escape(heading)}</h2>", f"<p>{escape(words)}</p>", _table(table)]
    rows = "".join(f"<tr><td>{escape(str(key))}</td><td>{escape(str(value))}</td></tr>" for key, value in made.items())
    parts += ["<h2>How it was made</h2>", f"<table>{rows}</table>"]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    path.write_text(f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(parts)}</body></html>\n", "utf-8")


def origin(source: Path, command: Sequence[str], settings: Mapping[str, object]) -> dict[str, object]:
    """The command, the version, the file with its sha256, and the settings."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    return {
        "command": "python -m scaling " + " ".join(command),
        "version": __version__,
        "file": source,
        "sha256 of the file": digest,
        **settings,
    }


def _figure(name: str, picture: Path) -> str:
    data = base64.b64encode(picture.read_bytes()).decode()
    return f'<figure><img alt="{escape(name, quote=True)}" src="data:image/png;base64,{data}"></figure>'


def _table(table: pd.DataFrame) -> str:
    if table.empty:
        return "<p>none</p>"
    head = "".join(f"<th>{escape(str(name).replace('_', ' '))}</th>" for name in table)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.itertuples(index=False))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object) -> str:
    if pd.isna(value):
        return "<td></td>"
    if isinstance(value, float):
        return f'<td class="number">{value:.4g}</td>'
    return f"<td>{escape(str(value))}</td>"
