"""YAML as data: a file is read whole, or refused with one line, whatever stands in it; nothing in it is run."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from scaling.config.errors import wrong
from scaling.kinds import shown

DEEPEST = 40  # lists and mappings inside each other
MOST = 1_000_000  # values, those that aliases repeat counted each time
FORM = "a readable YAML file, each key once"
MERGE = "tag:yaml.org,2002:merge"
TEXT = "tag:yaml.org,2002:str"
SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises ConfigError, one line, where it is none or `parsed` refuses it."""
    short = "/".join(path.parts[-2:])
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise wrong((), f"could not be read ({error.strerror})", FORM, short) from None
    except ValueError as error:
        raise wrong((), " ".join(str(error).split()), FORM, short) from None


def load_layer(path: Path) -> dict[str, Any]:
    """A configuration file. Raises ConfigError, one line, where it is no YAML, or no mapping of sections."""
    content = load_yaml(path)
    if not isinstance(content, dict):
        raise wrong((), shown(content), "a mapping of sections", "/".join(path.parts[-2:]))
    return content


def parsed(text: str) -> Any:
    """The value that a YAML text stands for; keys are texts as they are written.

    Raises ValueError, with the line, for a text that is no YAML, a key that stands twice, and for what is too deep or
    too much: aliases can make thousands of millions of values from ten lines.
    """
    text = text.removeprefix("\ufeff")
    try:
        _check(text)
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem}") from None
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


class _Loader(SAFE):
    """Takes keys for texts, also those that look like numbers or flags."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        for key, _ in node.value:
            if key.tag != MERGE:
                key.tag = TEXT
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


@dataclass
class _Open:
    """A list or mapping that is being read: its anchor, how many values it holds so far, and the keys of a mapping."""

    anchor: str | None
    is_mapping: bool
    values: int = 1
    items: int = 0
    keys: set[str] = field(default_factory=set)

    def add(self, event: yaml.NodeEvent, values: int) -> None:
        """Take in a key or a value."""
        self.values += values
        self.items += 1
        if self.is_mapping and self.items % 2:
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused(event, "found a key that is no text")
            if event.value in self.keys:
                raise _refused(event, f"found the key {event.value!r} again")
            self.keys.add(event.value)


def _check(text: str) -> None:
    """Raise MarkedYAMLError for repeated keys and for values that are too deep or too many."""
    inside: list[_Open] = []
    values_of: dict[str, int] = {}
    for event in yaml.parse(text, Loader=SAFE):
        if isinstance(event, yaml.CollectionStartEvent):
            if len(inside) == DEEPEST:
                raise _refused(event, f"found more than {DEEPEST} lists and mappings inside each other")
            inside.append(_Open(event.anchor, isinstance(event, yaml.MappingStartEvent)))
            continue
        values, anchor = 1, getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionEndEvent):
            closed = inside.pop()
            values, anchor = closed.values, closed.anchor
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in [collection.anchor for collection in inside]:
                raise _refused(event, f"found {event.anchor} inside itself")
            values = values_of.get(event.anchor, 1)
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        if values > MOST:
            raise _refused(event, f"found more than {MOST:,} values")
        if anchor and not isinstance(event, yaml.AliasEvent):
            values_of[anchor] = values
        if inside:
            inside[-1].add(event, values)


def _refused(event: yaml.Event, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
