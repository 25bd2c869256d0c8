"""Say where a number comes from: a claim, figure, table, entry or result file, down to the data, seeds and code.

What it prints for a result of a size is what the configuration says now; what stands in a sidecar is what was made.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scaling import provenance, records, registry
from scaling.commands import _experiments
from scaling.ledger.lineage import Entry, figures_of, made_from, maker, read_by
from scaling.ledger.making import code_of, place_of, products_of, settings_of, written_in
from scaling.ledger.shown import marks, reference_word, shown_measured, shown_published

SECTIONS = ("claims", "figures", "analysis", "laws", "curves", "simulation", "theory", "training", "datasets")


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("what", metavar="ID_OR_FILE", help="claim, figure, entry, table or file under results/")
    _experiments.add_arguments(parser)


def run(options: Namespace) -> int:
    """Print all that is known; raise ValueError, with what may be meant, for a name that stands for nothing."""
    what = options.what.removeprefix("./")
    if what.startswith("results/") and what.count("/") >= 2:
        options.size, what = what.split("/")[1:3] if what.count("/") == 2 else what.split("/", 2)[1:]
    config = _experiments.configuration(options)
    print("\n".join(lines(config, found(config, what))))
    return 0


def found(config: dict[str, Any], what: str) -> Entry:
    """The entry that a name, the place of a table or a file below results/<size> stands for."""
    name = what.partition(".")[0]
    parts = name.split("/")
    if len(parts) >= 2:
        candidates = [maker("/".join([*parts, ""][:3])), Entry(parts[0], parts[1])]
        if parts[0] == "curves" and len(parts) == 2:
            candidates.append(Entry("training", parts[1]))
    else:
        candidates = [Entry(section, name) for section in SECTIONS]
    for entry in candidates:
        if entry.name in config.get(entry.section, {}):
            return entry
    known = [known for section in SECTIONS for known in config[section]]
    meant = ", ".join(get_close_matches(parts[-1], known, n=3)) or "python -m scaling lists what there is"
    raise ValueError(
        f"found {what!r}; allowed: a claim, figure, entry, table or result of size {config['size']} ({meant})"
    )


def lines(config: dict[str, Any], entry: Entry) -> Iterator[str]:
    """All that is known of an entry and of what it was made from."""
    yield f"{entry.name}: {_kind(config, entry)}"
    yield from _claim(config, entry.name) if entry.section == "claims" else ()
    yield from _described(config, entry, "  ")
    rests_on = list(made_from(config, entry))
    for above in rests_on:
        yield f"  {above}"
        yield from _described(config, above, "    ")
    yield f"again: envs/run snakemake --cores all --config size={config['size']} -- {place_of(config, entry)}"


def _kind(config: dict[str, Any], entry: Entry) -> str:
    settings = config[entry.section][entry.name]
    kinds = {"claims": "a claim", "figures": "a figure", "training": "a grid of networks", "datasets": "a data set"}
    study = registry.study_of("figures", entry.name) if entry.section == "figures" else settings.get("study")
    about = f" of the study {study}" if study else ""
    return kinds.get(entry.section, f"an entry of {entry.section}") + about


def _claim(config: dict[str, Any], name: str) -> Iterator[str]:
    """Statement, verdict and measure."""
    claim = config["claims"][name]
    yield f"  statement  {' '.join(claim['statement'].split())}"
    yield f"  source     {claim['source']}"
    ledger = Path("results", config["size"], "claims.csv")
    rows = records.read_table(ledger).set_index("id") if ledger.is_file() else None
    if rows is None or name not in rows.index:
        yield f"  verdict    not measured yet: {ledger} does not list it"
    else:
        row = rows.loc[name]
        reason = f" ({row['reason']})" if isinstance(row["reason"], str) else ""
        yield f"  {reference_word(row):11}{shown_published(row)}"
        yield f"  measured   {shown_measured(row)}"
        yield f"  verdict    {row['verdict']}{reason}"
        yield from (f"  mark       {mark}" for mark in marks(row))
    yield f"  figures    {', '.join(figures_of(config, name)) or 'none shows it'}"


def _described(config: dict[str, Any], entry: Entry, indent: str) -> Iterator[str]:
    """Where an entry is written, what it asks for, the code that makes it, what it reads, and what was made."""
    yield f"{indent}written    {written_in(config, entry)}"
    yield f"{indent}settings   {settings_of(config, entry)}"
    yield f"{indent}code       {', '.join(code_of(config, entry))}"
    yield f"{indent}reads      {_reads(config, entry)}"
    for product in products_of(config, entry):
        yield f"{indent}file       {product}: {_made(product)}"


def _reads(config: dict[str, Any], entry: Entry) -> str:
    """Tables, or what stands at the beginning: images, files, seeds, or nothing but its settings."""
    settings = config[entry.section][entry.name]
    reads = read_by(config, entry)
    if dataset := settings.get("dataset"):
        reads = [*reads, f"images of {dataset} ({config['datasets'][dataset]['source']['name']})"]
    if entry.section == "training":
        reads = [*reads, f"seeds {settings['seeds'][0]} to {settings['seeds'][-1]}"]
    if entry.section in ("curves", "datasets") and "files" in registry.functions(
        entry.section, settings["source"]["name"]
    ):
        reads = [*reads, "files of the data folder or the cache"]
    return ", ".join(reads) or "nothing but its settings"


def _made(product: str) -> str:
    """When and from what commit a file was made, as its sidecar says."""
    path = Path(product)
    if not path.is_file():
        return "not made yet"
    record = provenance.record_of(product)
    if record is None:
        return "no sidecar names it"
    edited = "" if provenance.digest(path) == record["outputs"][product] else "; EDITED since"
    when = f"{record['seconds']:.1f} s on {record['started'][:10]}"
    return f"made by {record['rule']} in {when}, commit {record['commit']}{edited}"
