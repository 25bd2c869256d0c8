"""What has changed since a result was made: its entry in the configuration, or the code that makes it."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from scaling import fingerprint
from scaling.config.experiments import protocol
from scaling.ledger.lineage import Entry
from scaling.ledger.making import MAKERS, plugins_of

# rule → section of its entries; name in its sidecar, and key of the entry, of what it was made with; "" is all of it
MADE_BY = {
    "prepare_images": ("datasets", "settings", ""),
    "train_networks": ("training", "protocol", ""),
    "solve_theory": ("theory", "grid", "tabulate"),
    "simulate": ("simulation", "grid", "tabulate"),
    "collect_points": ("curves", "settings", ""),
    "fit_law": ("laws", "settings", ""),
    "analyse": ("analysis", "answer", "tabulate"),
    "draw_figure": ("figures", "", ""),
}


def changes(config: dict[str, Any], record: Mapping[str, Any]) -> Iterator[str]:
    """What differs now from what a sidecar says, in words; nothing for an entry that the configuration has not."""
    section, written, key = MADE_BY.get(record["rule"], ("", "", ""))
    name = record.get("wildcards", {}).get("entry")
    if name not in config.get(section, {}):
        return
    if written:
        now = protocol(config, name) if section == "training" else config[section][name]
        before, now = record["config"].get(written), json.loads(json.dumps(now[key] if key else now))
        if before != now:
            yield f"{section}.{name} has changed since{_keys(before, now)}"
    script, *_ = MAKERS[section]
    made_with, code = str(record["code"]), _code(script, tuple(plugins_of(config, Entry(section, name))))
    if made_with != code:
        others = sorted(set(made_with.split()) - set(code.split()))
        yield f"the code has changed since (made with {', '.join(others)})"


_code = cache(fingerprint.fingerprint)  # the same for many results


def _keys(before: Any, now: Any) -> str:
    if not (isinstance(before, dict) and isinstance(now, dict)):
        return ""
    return f" ({', '.join(sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key)))})"
