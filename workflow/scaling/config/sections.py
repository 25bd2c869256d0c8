"""The sections of config.yaml and their keys."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from scaling import registry
from scaling.config.claims import Claim
from scaling.config.errors import ConfigError, shown, unknown_key
from scaling.config.values import (
    Allowed,
    Count,
    Counts,
    Flag,
    Fraction,
    NonNegative,
    NonNegativeNumber,
    OneOf,
    Positive,
    Seeds,
    Share,
    Text,
)
from scaling.kinds import WrongValueError, kind_of
from scaling.training import cells

SIZES = ("smoke", "laptop", "paper")
Size = Literal["smoke", "laptop", "paper"]
Sizes = Annotated[list[Size], Allowed("a list of smoke, laptop, paper")]


class Section(BaseModel):
    """A mapping with known keys."""

    model_config = ConfigDict(extra="forbid")


def plugin(kind: str) -> Callable[[Any], dict[str, Any]]:
    """Validator of `{name: …, …}`: a plug-in that exists, with exactly the options its file asks for in OPTIONS."""

    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or "name" not in value:
            raise ConfigError((), shown(value), f"a mapping with a name, one of {', '.join(registry.names(kind))}")
        if value["name"] not in registry.names(kind):
            raise ConfigError(("name",), shown(value["name"]), ", ".join(registry.names(kind)))
        options, defaults = registry.options(kind, value["name"]), registry.defaults(kind, value["name"])
        for key in value:
            if key != "name" and key not in options:
                raise unknown_key((key,), ["name", *options])
        checked: dict[str, Any] = {"name": value["name"]}
        for key, declared in options.items():
            wanted = kind_of(declared)
            if key not in value and key not in defaults:
                raise ConfigError((key,), "missing", wanted.words)
            try:
                checked[key] = wanted.read(value.get(key, defaults.get(key)))
            except WrongValueError as error:
                raise ConfigError((key, *error.mistakes[0].place), *error.mistakes[0][1:]) from None
        return checked

    return check


class Data(Section):
    folder: Annotated[str, Allowed("a path, or nothing")] = Field(
        default="", description="your own copies of data sets"
    )
    cache: Text = Field(default=".cache", description="where downloads and other things worth keeping are kept")


class Dataset(Section):
    source: Annotated[dict[str, Any], BeforeValidator(plugin("datasets"))] = Field(description="where images come from")
    train_size: Count = Field(description="images to train on, after the other two parts are set aside")
    validation_size: Count = Field(description="images to select on")
    test_size: Count = Field(description="images to report on")


class LayerRates(Section):
    input: NonNegativeNumber = Field(default=1.0, description="of the first weight matrix")
    hidden: NonNegativeNumber = Field(default=1.0, description="of those between")
    output: NonNegativeNumber = Field(default=1.0, description="of the last")
    vector: NonNegativeNumber = Field(default=1.0, description="of biases and normalisation")
    output_vector: NonNegativeNumber = Field(default=1.0, description="of the last layer's bias")


class Optimizer(Section):
    name: Annotated[str, OneOf(*cells.OPTIMIZERS)] = Field(description="optimiser")
    learning_rate: Positive = Field(description="step size")
    weight_decay: NonNegativeNumber = Field(
        default=0.0, description="part of the weights in the gradient (adamw: apart)"
    )
    momentum: Share | None = Field(default=None, description="sgd only")
    layer_rates: LayerRates | None = Field(default=None, description="factors on the learning rate, by layer")


class Parametrisation(Section):
    name: Annotated[str, OneOf(*cells.PARAMETRISATIONS)] = Field(description="how rates and scales go with the width")
    base_width: Count | None = Field(default=None, description="ntk and mup: width at which all agree")


class Augmentation(Section):
    crop_padding: NonNegative = Field(
        default=0, description="pixels of 0 around, before the old size is cut out anywhere"
    )
    flip: Flag = Field(default=False, description="mirror left and right, half of the time")
    rotation: NonNegativeNumber = Field(default=0.0, description="turn by up to so many degrees")
    shift: NonNegativeNumber = Field(default=0.0, description="move by up to this fraction of the side")
    as_published: Flag = Field(
        default=False, description="change the test images too, as the published code of paper A"
    )


class Vary(Section):
    width: Counts | None = Field(default=None, description="widths, in place of that of the model")
    learning_rate: Annotated[list[Positive], Allowed("a list of numbers > 0")] | None = Field(
        default=None, description="learning rates"
    )
    label_noise: Annotated[list[Share], Allowed("a list of numbers ≥ 0 and < 1")] | None = Field(
        default=None, description="fractions of flipped labels"
    )
    init_factor: Annotated[list[Positive], Allowed("a list of numbers > 0")] | None = Field(
        default=None, description="factors on the initial weights"
    )


class Training(Section):
    sizes: Sizes = Field(["smoke", "laptop", "paper"], description="sizes at which the experiment is run")
    dataset: Text = Field(description="entry of datasets")
    model: Annotated[dict[str, Any], BeforeValidator(plugin("models"))] = Field(description="architecture")
    vary: Vary = Field(default=Vary(), description="lists of values; each combination is trained")
    train_sizes: Counts = Field(description="numbers of training examples, P")
    seeds: Seeds = Field(description="repetitions: another split, subset, initialisation and batch order each")
    loss: Annotated[str, OneOf(*cells.CHOICES["loss"])] = Field(description="training loss")
    optimizer: Optimizer = Field(description="optimiser and its settings")
    parametrisation: Parametrisation = Field(default=Parametrisation(name="standard"), description="rates by width")
    batch_size: Count = Field(description="examples a step; a smaller train set is one full batch")
    epochs: Count | None = Field(default=None, description="budget in passes over the training set")
    steps: Count | None = Field(default=None, description="budget in updates; with both, until both are spent")
    measurements: Count = Field(description="log-spaced epochs at which everything is measured")
    init_factor: Positive = Field(default=1.0, description="factor on all weight matrices at initialisation")
    standardise: Flag = Field(default=True, description="whether pixels are centred and scaled by the training set")
    pooling: Count = Field(default=1, description="side of the squares of pixels that are averaged into one")
    augmentation: Augmentation = Field(default=Augmentation(), description="random changes of the training images")
    label_noise: Share = Field(default=0.0, description="fraction of training labels replaced by another class")
    norms: Annotated[list[str], Allowed("a list of norms")] = Field(description="weight norms recorded, as logs")
    convolutions: Annotated[str, OneOf(*cells.CHOICES["convolutions"])] = Field(
        default="reshaped", description="what a convolution is to the norms: its reshaped weight, or the true operator"
    )
    observables: Annotated[list[str], Allowed("a list of observables")] = Field(
        default=[], description="what is recorded of the tangent kernel"
    )
    early_stop: Flag = Field(default=False, description="end a group when more training can teach nothing more")
    backend: Annotated[str, OneOf(*cells.CHOICES["backend"])] = Field(default="auto", description="trainer")
    precision: Annotated[str, OneOf(*cells.CHOICES["precision"])] = Field(default="float32", description="of training")
    group_size: Count = Field(description="seeds of one train size that are trained together")
    groups_per_job: Count = Field(description="packing only: never changes a result")


class Theory(Section):
    sizes: Sizes = Field(["smoke", "laptop", "paper"], description="sizes at which it is solved")
    dataset: Text | None = Field(default=None, description="entry of datasets, for a theory of given images")
    solve: Annotated[dict[str, Any], BeforeValidator(plugin("tables"))] = Field(description="table and its grid")


class Simulation(Section):
    sizes: Sizes = Field(["smoke", "laptop", "paper"], description="sizes at which it is run")
    dataset: Text | None = Field(default=None, description="entry of datasets, for a simulation on given images")
    simulate: Annotated[dict[str, Any], BeforeValidator(plugin("tables"))] = Field(description="table and its grid")


class Analysis(Section):
    answer: Annotated[dict[str, Any], BeforeValidator(plugin("tables"))] = Field(description="question and options")
    tables: dict[str, Text] = Field(description="tables it reads, by their place under results/<size>")


class Curves(Section):
    sizes: Sizes = Field(["smoke", "laptop", "paper"], description="sizes at which these curves are used")
    source: Annotated[dict[str, Any], BeforeValidator(plugin("curves"))] = Field(description="where points come from")


class Law(Section):
    curves: Text = Field(description="entry of curves")
    law: Annotated[dict[str, Any], BeforeValidator(plugin("laws"))] = Field(description="law to fit")
    mode: Annotated[Literal["least_squares", "mode", "posterior"], Allowed("least_squares, mode or posterior")] = Field(
        description="how to fit"
    )
    objective: Annotated[Literal["log", "log1p"], Allowed("log or log1p")] = Field(
        description="squared error of log y, or of log(y + 1)"
    )
    prior: Annotated[Literal["default", "weak"], Allowed("default or weak")] = Field(
        "default", description="prior of the modes mode and posterior"
    )
    bootstrap: NonNegative = Field(description="resamples of the seeds behind the intervals; 0: the fit's own interval")
    level: Fraction = Field(description="coverage of the intervals")
    extrapolate: Positive = Field(description="predict up to this many times the largest x")


class Study(Section):
    paper: Text = Field(description="letter of its paper, or a word")
    title: Text = Field(description="what it is about")


# Of a figure: the tables it reads, by their place under results/<size>.
Figure = Annotated[dict[str, Text], Allowed("a mapping of names to the places of tables")]


class Config(Section):
    """The whole configuration of one size."""

    size: Annotated[Literal["smoke", "laptop", "paper"], Allowed("smoke, laptop or paper")] = "laptop"
    device: Annotated[str, OneOf("auto", "cpu", "cuda")] = Field(default="auto", description="where networks train")
    curves_from: Annotated[str, Allowed("an archive that `snakemake archive` packed, or nothing")] = Field(
        default="", description="archive whose curves, theories and simulations are taken instead of made"
    )
    data: Data = Field(default=Data(), description="where data sets lie")
    studies: dict[str, Study] = Field(default={}, description="studies of the run: names, or paths of folders")
    datasets: dict[str, Dataset] = {}
    training: dict[str, Training] = {}
    theory: dict[str, Theory] = {}
    simulation: dict[str, Simulation] = {}
    curves: dict[str, Curves] = {}
    laws: dict[str, Law] = {}
    analysis: dict[str, Analysis] = {}
    figures: dict[str, Figure] = {}
    claims: dict[str, Claim] = {}
