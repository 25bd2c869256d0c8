"""The sections of the configuration and their keys."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from scaling.config.claims import Claim
from scaling.config.sizes import SIZES
from scaling.described import entries_of, plugin
from scaling.kinds import (
    TEXT,
    TEXTS,
    Count,
    Flag,
    Fraction,
    Positive,
    Text,
    Whole,
    any_path,
    one_of,
    several_of,
)
from scaling.training.protocol import Grid, Settings

Sizes = Annotated[list[str], several_of(", ".join(SIZES), lambda: SIZES), "sizes at which it is made"]
Tables = Annotated[dict[str, Text], "tables it reads, by their place under results/<size>"]
Plugin = dict[str, Any]
FIGURE = entries_of(TEXT, "a mapping of names to the places of tables")


def _all_sizes() -> list[str]:
    return list(SIZES)


@dataclass(frozen=True, kw_only=True)
class Data:
    """Where data sets lie."""

    folder: Annotated[str, any_path("a path without { and }, or nothing"), "your own copies of data sets"] = ""
    cache: Annotated[
        str, any_path("a path without { and }", empty=False), "where downloads and other things worth keeping are kept"
    ] = ".cache"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Images, and how many are set aside."""

    source: Annotated[Plugin, plugin("datasets"), "where images come from"]
    train_size: Annotated[Count, "images to train on, after the other two parts are set aside"]
    validation_size: Annotated[Count, "images to select on"]
    test_size: Annotated[Count, "images to report on"]


@dataclass(frozen=True, kw_only=True)
class Training(Settings, Grid):
    """Networks to train and measure on the way."""

    sizes: Sizes = field(default_factory=_all_sizes)
    groups_per_job: Annotated[Count, "packing only: never changes a result"] = 1


@dataclass(frozen=True, kw_only=True)
class Theory:
    """A theory, solved on a grid."""

    sizes: Sizes = field(default_factory=_all_sizes)
    dataset: Annotated[Text | None, "entry of datasets, for a theory of given images"] = None
    tabulate: Annotated[Plugin, plugin("tables", beside=True), "table, and its options as keys of the entry"]


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """A simulation, run on a grid."""

    sizes: Sizes = field(default_factory=_all_sizes)
    dataset: Annotated[Text | None, "entry of datasets, for a simulation on given images"] = None
    tabulate: Annotated[Plugin, plugin("tables", beside=True), "table, and its options as keys of the entry"]


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A question asked of tables."""

    tables: Tables
    tabulate: Annotated[Plugin, plugin("tables", beside=True), "table, and its options as keys of the entry"]


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Curves that laws are fitted to."""

    sizes: Sizes = field(default_factory=_all_sizes)
    source: Annotated[Plugin, plugin("curves"), "where points come from"]


@dataclass(frozen=True, kw_only=True)
class Law:
    """A law, fitted to curves."""

    curves: Annotated[Text, "entry of curves"]
    law: Annotated[Plugin, plugin("laws"), "law to fit"]
    mode: Annotated[str, one_of("least_squares", "mode", "posterior"), "how to fit"]
    objective: Annotated[str, one_of("log", "log1p"), "squared error of log y, or of log(y + 1)"]
    prior: Annotated[str, one_of("default", "weak"), "prior of the modes mode and posterior"] = "default"
    bootstrap: Annotated[Whole, "resamples of the seeds behind the intervals; 0: the fit's own interval"]
    level: Annotated[Fraction, "coverage of the intervals"]
    extrapolate: Annotated[Positive, "predict up to this many times the largest x"]


@dataclass(frozen=True, kw_only=True)
class Study:
    """A paper, or a question of one's own."""

    paper: Annotated[Text, "letter of its paper, or a word"]
    title: Annotated[Text, "what it is about"]
    headline: Annotated[
        list[str], TEXTS, "its most important claims; the page of a run opens with the first that is measured"
    ] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The whole configuration of one size."""

    size: Annotated[str, one_of(*SIZES), "size of the run"] = "laptop"
    device: Annotated[str, one_of("auto", "cpu", "cuda"), "where networks train"] = "auto"
    curves_from: Annotated[
        str,
        any_path("an archive that `snakemake archive` packed, at a path without { and }, or nothing"),
        "archive whose curves, theories and simulations are taken instead of made",
    ] = ""
    accept_archive: Annotated[Flag, "take an archive of another size or configuration too; the ledger says so"] = False
    data: Annotated[Data, "where data sets lie"] = field(default_factory=Data)
    studies: Annotated[dict[str, Study], "studies of the run: names, or paths of folders"] = field(default_factory=dict)
    datasets: Annotated[dict[str, Dataset], "images"] = field(default_factory=dict)
    training: Annotated[dict[str, Training], "networks to train"] = field(default_factory=dict)
    theory: Annotated[dict[str, Theory], "theories to solve"] = field(default_factory=dict)
    simulation: Annotated[dict[str, Simulation], "simulations to run"] = field(default_factory=dict)
    curves: Annotated[dict[str, Curves], "curves to fit"] = field(default_factory=dict)
    laws: Annotated[dict[str, Law], "laws to fit to them"] = field(default_factory=dict)
    analysis: Annotated[dict[str, Analysis], "questions to ask of tables"] = field(default_factory=dict)
    figures: Annotated[
        dict[str, dict[str, str]],
        entries_of(FIGURE),
        "figures, each with the tables it reads by their place under results/<size>",
    ] = field(default_factory=dict)
    claims: Annotated[dict[str, Claim], "claims to check"] = field(default_factory=dict)
