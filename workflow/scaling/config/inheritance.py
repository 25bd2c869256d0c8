"""Entries that take over what another one says, and the defaults of a section.

    defaults: {training: {loss: mse, norms: []}}
    training:
      sgd: {dataset: digits, optimizer: {name: sgd, learning_rate: 0.2}, …}
      adam: {like: sgd, optimizer: {name: adam, learning_rate: 2.0e-4}}

A key that an entry gives replaces that of the other one, or of the defaults, as a whole.
"""

from collections.abc import Mapping
from typing import Any

from scaling.config.errors import ConfigError, Wrong
from scaling.kinds import listed, shown

DEFAULTS, LIKE = "defaults", "like"
SECTIONS = ("training", "theory", "simulation", "curves", "laws", "analysis")
Entry = tuple[str, str]


def inherited(raw: Mapping[str, Any], defaults: Mapping[Entry, Mapping[str, Any]]) -> dict[str, Any]:
    """A configuration whose entries say all themselves; `defaults` are those of the room of each entry.

    Below them count the defaults of the configuration itself. Raises ConfigError with all mistakes.
    """
    common, mistakes = _defaults_of(raw)
    filled = {key: value for key, value in raw.items() if key != DEFAULTS}
    for section in SECTIONS:
        entries = raw.get(section)
        if not isinstance(entries, Mapping):
            continue
        filled[section] = {}
        for name, entry in entries.items():
            below = {**common.get(section, {}), **defaults.get((section, name), {})}
            try:
                filled[section][name] = {**below, **_whole(section, name, entries)} if _is_entry(entry) else entry
            except ConfigError as error:
                mistakes += error.mistakes
    if mistakes:
        raise ConfigError(*mistakes)
    return filled


def _defaults_of(raw: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], list[Wrong]]:
    """The defaults of a configuration by section, and what is wrong with them."""
    written = raw.get(DEFAULTS, {})
    if not isinstance(written, Mapping):
        return {}, [Wrong((DEFAULTS,), shown(written), "a mapping of sections")]
    mistakes = []
    for section, values in written.items():
        if section not in SECTIONS:
            mistakes.append(Wrong((DEFAULTS, section), "unknown section", ", ".join(SECTIONS)))
        elif not isinstance(values, Mapping) or LIKE in values:
            mistakes.append(
                Wrong((DEFAULTS, section), shown(values), f"a mapping of keys of {section}, without {LIKE}")
            )
    return ({} if mistakes else dict(written)), mistakes


def _whole(section: str, name: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says, with what those say that it is like."""
    said, seen = dict(entries[name]), [name]
    while LIKE in said:
        other = said.pop(LIKE)
        if not isinstance(other, str) or other in seen or not _is_entry(entries.get(other)):
            allowed = listed(map(str, entries.keys() - set(seen)), str(other))
            raise ConfigError(Wrong((section, name, LIKE), shown(other), allowed))
        seen.append(other)
        said = {**entries[other], **said}
    return said


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, Mapping)
