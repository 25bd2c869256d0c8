"""What a claim, figure or table was made from, read off a resolved configuration: entries, tables and figures."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Config = Mapping[str, Any]


class Entry(NamedTuple):
    """An entry of the configuration: its section and name."""

    section: str
    name: str

    def __str__(self) -> str:
        return f"{self.section}.{self.name}"


def maker(place: str) -> Entry:
    """The entry that makes a table, named by its place under results/<size>."""
    stage, name, table = place.split("/")
    return Entry("training" if table == "learning_curves" else stage, name)


def read_by(config: Config, entry: Entry) -> list[str]:
    """The tables that an entry reads, in the order in which it names them."""
    settings = config[entry.section][entry.name]
    match entry.section:
        case "figures":
            return list(dict.fromkeys(settings.values()))
        case "analysis" | "claims":
            return list(dict.fromkeys(settings["tables"].values()))
        case "laws":
            return [f"curves/{settings['curves']}/points"]
        case "curves" if "table" in settings["source"]:
            return [settings["source"]["table"]]
    return []


def made_from(config: Config, entry: Entry) -> Iterator[Entry]:
    """The entries whose tables an entry rests on, directly or not, each once, those nearest to it first.

    Entries that the size does not make are left out.
    """
    waiting, seen = [entry], {entry}
    while waiting:
        here = waiting.pop(0)
        for above in map(maker, read_by(config, here)):
            if above not in seen and above.name in config[above.section]:
                seen.add(above)
                waiting.append(above)
                yield above


def figures_of(config: Config, claim: str) -> list[str]:
    """The figures that show what a claim is measured on: those that read one of its tables, the most of them first."""
    wanted = set(read_by(config, Entry("claims", claim)))
    shared = {name: len(wanted & set(read_by(config, Entry("figures", name)))) for name in config["figures"]}
    return sorted((name for name, count in shared.items() if count), key=lambda name: -shared[name])
