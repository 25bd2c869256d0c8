"""Captions of figures: texts whose numbers come from the resolved configuration.

In braces stands the path of a value, such as `{simulation.perceptron_path.seeds}`: section, entry, option. A form may
follow it: `{analysis.network_exponents.level:%}` is shown as `95 %`, any other form is one of Python's.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from string import Formatter
from typing import Any

from scaling.ledger.shown import number

TABULATE = "tabulate"  # key of an entry below which the options of its table stand


def filled(figure: str, template: str, config: Mapping[str, Any]) -> str:
    """The caption of a figure, on one line.

    Lists of seeds are shown by their number, other lists by their values, and small or large numbers as powers of ten.
    Raises ValueError, one line that names figure and place, for a place at which nothing stands.
    """
    parts = []
    try:
        for text, path, form, _ in Formatter().parse(" ".join(template.split())):
            parts.append(text)
            if path is not None:
                parts.append(_shown(_value(path, config), form or ""))
    except ValueError as error:
        raise ValueError(f"figures.{figure}: its caption: {error}") from None
    return "".join(parts)


def _value(path: str, config: Mapping[str, Any]) -> Any:
    value: Any = config
    for key in path.split("."):
        here = _with_options(value) if isinstance(value, Mapping) else {}
        if key not in here:
            allowed = get_close_matches(key, here, n=3) or sorted(map(str, here))
            raise ValueError(f"found {{{path}}}; allowed in place of {key}: {', '.join(allowed) or 'nothing'}")
        value = here[key]
    if isinstance(value, Mapping) or value is None:
        raise ValueError(f"found {{{path}}}; allowed: the path of a number, a text or a list")
    return len(value) if key == "seeds" and isinstance(value, list) else value


def _with_options(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, **entry.get(TABULATE, {})}


def _shown(value: Any, form: str) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item, form) for item in value)
    if form == "%":
        return f"{100 * value:g} %"
    if form or not isinstance(value, int | float) or isinstance(value, bool):
        return format(value, form)
    return number(value)
