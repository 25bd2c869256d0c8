# All functions of the workflow.
# In: config.yaml, the user's configuration and the source of the package. Out: the checked configuration, paths,
# and what each rule carries in its params so that exactly what changed is run again.

import os
import re
import sys
from functools import cache
from pathlib import Path

WORKFLOW = Path(workflow.basedir, "workflow")

# Scripts import this repository's package, also in jobs that a cluster starts.
sys.path.insert(0, str(WORKFLOW))
os.environ.update(PYTHONPATH=str(WORKFLOW))

# Numeric jobs use one thread each: parallel runs come from parallel jobs, and sums do not depend on their number.
MATHS_LIBRARIES = ("OMP", "MKL", "OPENBLAS", "VECLIB_MAXIMUM")
os.environ.update({f"{library}_NUM_THREADS": "1" for library in MATHS_LIBRARIES})

from scaling import archive, launching, provenance, registry, rooms
from scaling.config import presence
from scaling.config.checks import tables as tables_made, unread
from scaling.config.errors import ConfigError
from scaling.config.experiments import grid, protocol
from scaling.config.load import load, plain
from scaling.config.sizes import SIZES
from scaling.config.yaml_files import load_yaml
from scaling.fingerprint import fingerprint, look
from scaling.ledger import captions, measures
from scaling.ledger.lineage import Entry, figures_of, maker, read_by
from scaling.training.cells import as_written, plan


def check_places():
    """End the run with one line where nothing can be written, and where a path has braces."""
    if not os.access(".snakemake" if Path(".snakemake").is_dir() else ".", os.W_OK):
        sys.exit(f"{Path.cwd()}: found a folder in which you may not write; allowed: a clone of your own")
    for path in (workflow.basedir, os.environ.get("SCALING_DATA", "")):
        if set("{}") & set(path):
            sys.exit(f"{path}: found braces, which Snakemake takes for wildcards; allowed: a path without them")


def checked_config():
    """The configuration of this size; a mistake in it ends the run with one line."""
    try:
        load_yaml(Path(workflow.basedir, "config.yaml"))  # refuses a key that stands twice
        layers = {str(path): load_yaml(Path(path)) for path in workflow.overwrite_configfiles}
        checked = load(config, {**layers, "--config": workflow.config_settings.config})
    except ConfigError as error:
        sys.exit(str(error))
    return checked


def lacking(checked):
    """Why entries cannot be made here: their files are not there or, where a run starts from an archive, not in that."""
    if not checked.curves_from:
        return presence.lacking(checked, DATA_FOLDER, CACHE)
    return presence.not_packed(checked, PACKED, DATA_FOLDER, CACHE)


def packed_in(path):
    """The files that an archive holds; a file that is none ends the run with one line."""
    try:
        return frozenset(archive.manifest(Path(path))["files"]) if path else frozenset()
    except ValueError as error:
        sys.exit(f"config: curves_from: {error}")


check_places()
CHECKED = checked_config()
DATA_FOLDER = CHECKED.data.folder or os.environ.get("SCALING_DATA")
DATA_FOLDER = Path(DATA_FOLDER).expanduser() if DATA_FOLDER else None
config["data"] = {"folder": str(DATA_FOLDER or ""), "cache": CHECKED.data.cache}  # what scripts read
CACHE = Path(CHECKED.data.cache)
PACKED = packed_in(CHECKED.curves_from)
LACKING = lacking(CHECKED)
WITHOUT = presence.of_claims(CHECKED, LACKING)
CHECKED = presence.without(CHECKED, LACKING)
CONFIG = plain(CHECKED)
TABLES = tables_made(CHECKED)
SIZE = CONFIG["size"]
RESULTS = f"results/{SIZE}"


fingerprint_of = cache(fingerprint)  # the same for many jobs


def to_open():
    """The products to look at first, each with what it is."""
    return [
        (f"{RESULTS}/index.html", "findings, every claim with its verdict, code and data, all figures"),
        (f"{RESULTS}/paper.pdf", "the manuscript"),
        (f"{RESULTS}/claims.csv", "the ledger as a table"),
    ]


def growing(amount):
    """A resources function: so much memory or time, and as much again with each attempt after a failure."""
    return lambda wildcards, attempt: amount * attempt


def any_of(names):
    """A regular expression for one of some names."""
    return "|".join(map(re.escape, names)) or "(?!)"


def entry(section):
    """A params function: the configuration of the entry that the wildcards name."""
    return lambda wildcards: CONFIG[section][wildcards.entry]


def code(script, *plugins):
    """A params function: the fingerprint of a script, with the plug-ins that `plugins` functions name."""
    return lambda wildcards: fingerprint_of(script, tuple(name for find in plugins for name in find(wildcards)))


def plugin(kind, section, key):
    """A plug-ins function: the one that an entry names under a key."""
    return lambda wildcards: [registry.module_name(kind, CONFIG[section][wildcards.entry][key]["name"])]


def table(place):
    """The file of a table named as in the configuration."""
    return f"{RESULTS}/{place}.parquet"


def measured_tables():
    """What costs hours: tables of networks, theories and simulations."""
    return [
        *(table(f"curves/{name}/learning_curves") for name in CONFIG["training"]),
        *(table(f"theory/{name}/solution") for name in CONFIG["theory"]),
        *(table(f"simulation/{name}/results") for name in CONFIG["simulation"]),
    ]


def restored_tables():
    """What an archive gives back: these, and curves that came from outside where it holds them."""
    outside = [f"curves/{name}/points" for name, entry in CONFIG["curves"].items() if "table" not in entry["source"]]
    return [path for path in (*measured_tables(), *map(table, outside)) if path in PACKED]


def archive_origin():
    """Where tables come from that were not made here, in words; nothing where all were."""
    if not CONFIG["curves_from"]:
        return ""
    made_by = {maker(path.removeprefix(f"{RESULTS}/").removesuffix(".parquet")) for path in restored_tables()}
    made_by |= {Entry("datasets", entry["dataset"]) for entry in CONFIG["training"].values()}
    try:
        return archive.checked_origin(Path(CONFIG["curves_from"]), SIZE, CONFIG, made_by, CONFIG["accept_archive"])
    except ValueError as error:
        sys.exit(f"config: curves_from: {error}")


def tables(section):
    """An input function: the tables an entry reads, as a list in the order of its keys."""
    return lambda wildcards: list(map(table, tables_of(section, wildcards.entry).values()))


def tables_of(section, name):
    """The tables an entry reads: {key: place}."""
    return CONFIG[section][name] if section == "figures" else CONFIG[section][name]["tables"]


def images_of(section):
    """An input function: the images that an entry names, or nothing."""

    def images(wildcards):
        dataset = CONFIG[section][wildcards.entry]["dataset"]
        return [] if dataset is None else [f"{RESULTS}/datasets/{dataset}/images.npz"]

    return images


def user_files(section):
    """An input function: the files of the user, or in the cache, that an entry's source reads. A missing one is reported by the job."""

    def files(wildcards):
        try:
            found = presence.files(section, CONFIG[section][wildcards.entry]["source"], DATA_FOLDER, CACHE)
        except ValueError:
            return []
        return [ancient(str(path)) for path in found]

    return files


def user_digests(section):
    """A params function: name and sha256 of those files, so that their content counts and their date does not."""
    return lambda wildcards: {Path(path).name: provenance.digest(path) for path in user_files(section)(wildcards)}


@cache
def training_groups(name):
    """The groups of an experiment, each with its name, variant, train size and seeds; more seeds only add groups at the end."""
    groups = as_written(plan(name, grid(CONFIG, name)))
    return sorted(groups, key=lambda group: CONFIG["training"][name]["seeds"].index(group["seeds"][0]))


@cache
def training_jobs(name):
    """The groups of an experiment packed into jobs: {job: groups}."""
    groups, packed = training_groups(name), CONFIG["training"][name]["groups_per_job"]
    return {f"{first // packed:03d}": groups[first : first + packed] for first in range(0, len(groups), packed)}


def is_made(path):
    """Whether a job of this configuration makes a file."""
    for producer in workflow.rules:
        if producer.is_producer(path):
            named = producer.get_wildcards(path)
            return "job" not in named or named["job"] in training_jobs(named["entry"])
    return False


def whole(products):
    """An input function of targets: products, and what they were made from where it is gone; it is made again, and so are they.

    Without it nothing would be done after a job that was to make something anew has failed: its old output is gone, and
    Snakemake does not miss it while what follows is there. Nor would anything be done where a run has ended early and its
    files have lost their dates: Snakemake compares the content of an input only where it is newer, which it is made here.
    """

    def files(wildcards):
        for path in provenance.changed(products):
            Path(path).touch()
        return [*products, *filter(is_made, provenance.gone(products))]

    return files


def claims_of(study):
    """The claims of a study."""
    return {name: claim for name, claim in CONFIG["claims"].items() if claim["study"] == study}


def claim_tables(study):
    """The tables made at this size on which the claims of a study are measured, each once."""
    return sorted({place for claim in claims_of(study).values() for place in claim["tables"].values()} & TABLES)


def published_values(figure):
    """For a figure that marks published values: those of its study, by claim. Nothing for one that marks none."""
    if "published" not in registry.parameters("figures", figure, "draw"):
        return {}
    known = claims_of(registry.study_of("figures", figure)).items()
    return {"published": {name: claim["published"] for name, claim in known if claim["published"] is not None}}


def picture(figure):
    """The file of a figure."""
    return f"{RESULTS}/figures/{figure}/{figure}.png"


def paper_of(figure):
    """The paper whose study a figure belongs to."""
    return CONFIG["studies"][registry.study_of("figures", figure)]["paper"]


@cache
def caption(figure):
    """The caption of a figure; one that asks for what is not there ends the run with one line."""
    if (template := registry.constant("figures", figure, "CAPTION")) is None:
        sys.exit(f"figures.{figure}: found no CAPTION in {registry.file('figures', figure)}; allowed: one")
    try:
        return captions.filled(figure, template, CONFIG)
    except ValueError as error:
        sys.exit(str(error))


def targets_of(study):
    """What belongs to one study: its figures and its part of the ledger."""
    pictures = [picture(name) for name in CONFIG["figures"] if registry.study_of("figures", name) == study]
    return [*pictures, f"{RESULTS}/claims/{study}.csv"]


def sections():
    """The sections of the manuscript that studies bring, by study."""
    found = {name: rooms.studies()[name] / "section.typ" for name in CONFIG["studies"]}
    return {name: os.path.relpath(path) for name, path in found.items() if path.is_file()}


def used_datasets():
    """The data sets whose images this size uses."""
    entries = [entry for section in ("training", "theory", "simulation") for entry in CONFIG[section].values()]
    return sorted({entry["dataset"] for entry in entries} - {None})


def benchmark_laws():
    """The fits to curves that come from outside: published series and a user's own."""
    return [name for name, law in CONFIG["laws"].items() if "table" not in CONFIG["curves"][law["curves"]]["source"]]


ORIGIN = archive_origin()
