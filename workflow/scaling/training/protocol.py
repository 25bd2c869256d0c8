"""The settings of training: what each may be, what it means, and what it is unless given. Needs no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from scaling import registry
from scaling.described import given, mapping, plugin
from scaling.kinds import (
    POSITIVES,
    SHARES,
    Count,
    Counts,
    Flag,
    Mistake,
    NonNegative,
    Positive,
    Seeds,
    Share,
    Text,
    Whole,
    WrongValueError,
    at_least,
    one_of,
    several_of,
    shown,
)

OBSERVABLES = ("aligned_kernel", "kernel_overlap", "l1_kernel")


@dataclass(frozen=True, kw_only=True)
class LayerRates:
    """Factors on the learning rate, by role."""

    input: Annotated[NonNegative, "of the first weight matrix"] = 1.0
    hidden: Annotated[NonNegative, "of those between"] = 1.0
    output: Annotated[NonNegative, "of the last"] = 1.0
    vector: Annotated[NonNegative, "of biases and normalisation"] = 1.0
    output_vector: Annotated[NonNegative, "of the last layer's bias"] = 1.0


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """How weights are changed."""

    name: Annotated[str, one_of("adam", "adamw", "sgd"), "optimiser"]
    learning_rate: Annotated[Positive, "step size"]
    weight_decay: Annotated[NonNegative, "part of the weights in the gradient (adamw: apart)"] = 0.0
    momentum: Annotated[Share | None, "sgd only"] = None
    held_norm: Annotated[
        Flag | None,
        "scale all parameters together, after each update, back to their norm at the start; the learning rate is then "
        "multiplied by init_factor",
    ] = None
    layer_rates: Annotated[
        Mapping[str, float] | None, mapping(LayerRates), "factors on the learning rate, by layer"
    ] = None

    def __post_init__(self) -> None:
        if self.momentum is not None and self.name != "sgd":
            raise WrongValueError(Mistake(("momentum",), shown(self.momentum), "only for sgd"))


@dataclass(frozen=True, kw_only=True)
class Parametrisation:
    """How rates and scales go with the width."""

    name: Annotated[str, one_of("standard", "ntk", "mup"), "which"] = "standard"
    base_width: Annotated[Count | None, "ntk and mup: width at which all agree"] = None

    def __post_init__(self) -> None:
        if self.name != "standard" and self.base_width is None:
            raise WrongValueError(Mistake(("base_width",), "missing", "an integer ≥ 1"))


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Random changes of the training images: see `scaling.training.augmentation`."""

    crop_padding: Annotated[Whole, "pixels of 0 around, before the old size is cut out anywhere"] = 0
    flip: Annotated[Flag, "mirror left and right, half of the time"] = False
    rotation: Annotated[NonNegative, "turn by up to so many degrees"] = 0.0
    shift: Annotated[NonNegative, "move by up to this fraction of the side"] = 0.0
    as_published: Annotated[Flag, "change the test images too, as the published code of paper A"] = False


@dataclass(frozen=True, kw_only=True)
class Vary:
    """Lists of values in place of one: each combination is a variant."""

    width: Annotated[Counts | None, "widths, in place of that of the model"] = None
    learning_rate: Annotated[list[float] | None, POSITIVES, "learning rates"] = None
    label_noise: Annotated[list[float] | None, SHARES, "fractions of flipped labels"] = None
    init_factor: Annotated[list[float] | None, POSITIVES, "factors on the initial weights"] = None

    def __post_init__(self) -> None:
        """Six digits of each value are part of the names of groups and curves, so these have to differ."""
        for axis in ("learning_rate", "label_noise", "init_factor"):
            named: dict[str, float] = {}
            for value in getattr(self, axis) or []:
                if (other := named.setdefault(f"{value:g}", value)) != value:
                    allowed = "values that differ in their first six digits"
                    raise WrongValueError(Mistake((axis,), f"found {other!r} and {value!r}", allowed))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How each network of an experiment is built, trained and measured."""

    dataset: Annotated[Text, "entry of datasets"]
    model: Annotated[Mapping[str, Any], plugin("models"), "architecture"]
    epochs: Annotated[Count | None, "budget in passes over the training set, measured after log-spaced epochs"] = None
    steps: Annotated[
        Count | None, "budget in updates, measured after log-spaced ones; with both, whole epochs until both are spent"
    ] = None
    measurements: Annotated[int, at_least(3), "bounds how often a network is measured"] = 30
    loss: Annotated[
        str,
        one_of("cross_entropy", "mse"),
        "training loss; mse: squared difference to one-hot targets less their mean, mean over classes",
    ] = "cross_entropy"
    optimizer: Annotated[Mapping[str, Any], mapping(Optimizer), "optimiser and its settings"] = field(
        default_factory=lambda: given(Optimizer(name="adam", learning_rate=1e-3))
    )
    parametrisation: Annotated[Mapping[str, Any], mapping(Parametrisation), "rates and scales by width"] = field(
        default_factory=lambda: given(Parametrisation())
    )
    batch_size: Annotated[Count, "examples a step; a smaller train set is one full batch"] = 128
    init_factor: Annotated[Positive, "factor on all weight matrices at initialisation"] = 1.0
    standardise: Annotated[Flag, "whether pixels are centred and scaled by the training pool, by channel"] = True
    pooling: Annotated[Count, "side of the squares of pixels that are averaged into one"] = 1
    augmentation: Annotated[Mapping[str, Any], mapping(Augmentation), "random changes of the training images"] = field(
        default_factory=lambda: given(Augmentation())
    )
    label_noise: Annotated[Share, "exact fraction of training labels replaced by another class"] = 0.0
    norms: Annotated[
        Sequence[str], several_of("norms", lambda: registry.names("norms")), "weight norms recorded, as logs"
    ] = field(default_factory=lambda: ["spectral_complexity", "frobenius", "spectral_product"])
    convolutions: Annotated[
        str,
        one_of("reshaped", "operator"),
        "what a convolution is to the norms: its reshaped weight, or the operator on whole images",
    ] = "reshaped"
    observables: Annotated[
        Sequence[str], several_of("observables", lambda: OBSERVABLES), "what is recorded of the tangent kernel"
    ] = field(default_factory=list)
    early_stop: Annotated[Flag, "end a group when more training can teach nothing more"] = False
    backend: Annotated[str, one_of("auto", "loop", "batched"), "trainer"] = "auto"
    precision: Annotated[
        str,
        one_of("float32", "tf32", "bfloat16", "bfloat16_emulated", "float64"),
        "of training; float32 where norms are observed; bfloat16 only on devices that compute in it, emulated on any",
    ] = "float32"

    def __post_init__(self) -> None:
        if self.epochs is None and self.steps is None:
            raise WrongValueError(Mistake(("epochs",), "missing", "an integer ≥ 1, here or in steps"))


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Which networks are trained: one for each variant, train size and seed."""

    train_sizes: Annotated[Counts, "numbers of training examples, P"]
    seeds: Annotated[Seeds, "repetitions: another split, subset, initialisation and batch order each"]
    vary: Annotated[Mapping[str, Sequence[float]], mapping(Vary), "lists of values; each combination is trained"] = (
        field(default_factory=dict)
    )
    group_size: Annotated[Count, "seeds of one train size that are trained together"] = 16


@dataclass(frozen=True, kw_only=True)
class Protocol(Settings):
    """The settings of one network, with the sizes of the parts of its data set that are set aside."""

    validation_size: Annotated[Count, "images to select on"]
    test_size: Annotated[Count, "images to report on"]
    width: Annotated[Count | None, "makes all layers wider or narrower together; else as the model says"] = None

    @property
    def architecture(self) -> str:
        """The name of the architecture."""
        return str(self.model.get("name"))


@dataclass(frozen=True, kw_only=True)
class Experiment(Protocol, Grid):
    """All that is needed to plan the training of an experiment."""
