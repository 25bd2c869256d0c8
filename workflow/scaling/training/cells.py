"""What is trained: the cells of a grid, one network each, in groups of fixed composition. Needs no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from itertools import product
from typing import Any

import numpy as np

from scaling import registry

SMALLEST = {"batch_size": 1, "validation_size": 1, "test_size": 1, "group_size": 1, "measurements": 3, "pooling": 1}
CHOICES = {
    "loss": ("cross_entropy", "mse"),
    "backend": ("auto", "loop", "batched"),
    "precision": ("float32", "tf32", "bfloat16", "float64"),
    "convolutions": ("reshaped", "operator"),
}
OPTIMIZERS: dict[str, tuple[str, ...]] = {
    "adam": ("weight_decay",),
    "adamw": ("weight_decay",),
    "sgd": ("weight_decay", "momentum"),
}
PARAMETRISATIONS = ("standard", "ntk", "mup")
OBSERVABLES = ("aligned_kernel", "kernel_overlap")
AUGMENTATIONS = ("crop_padding", "flip", "rotation", "shift", "as_published")
ROLES = ("input", "hidden", "output", "vector", "output_vector")
AXES = ("width", "learning_rate", "label_noise", "init_factor")  # what `vary` may name, with its letter in group names
LETTERS = dict(zip(AXES, "wrni", strict=True))
TOLD_APART_BY = ["width", "learning_rate", "label_noise", "init_factor", "train_size", "seed", "step"]  # measurements


@dataclass(frozen=True)
class Protocol:
    """How each network of an experiment is built, trained and measured.

    model           name of the architecture, and its settings
    width           makes all layers wider or narrower together, as the architecture says; None: as `model` has them
    epochs, steps   the budget: either passes over the training set, measured after log-spaced epochs, or updates,
                    measured after log-spaced updates; with both, whole epochs until both are spent
    measurements    bounds how often a network is measured
    loss            cross_entropy, or mse: squared difference to one-hot targets less their mean, mean over classes
    optimizer       name (adam, adamw, sgd), learning_rate, weight_decay, layer_rates (factors on the learning rate by
                    role: input, hidden, output, vector, output_vector) and, for sgd, momentum
    parametrisation name (standard, ntk, mup) and, but for standard, the base_width at which all three agree
    init_factor     multiplies all weight matrices at the start
    standardise     shift and scale the pixels of each channel by mean and deviation over the training pool
    pooling         side of the squares of pixels that are averaged into one
    augmentation    random changes of the training images: see `scaling.training.augmentation`
    label_noise     exact fraction of the training labels that are replaced by another class
    norms           recorded, as logs; a convolution enters as its reshaped weight or as the operator on whole images
    observables     of the tangent kernel, recorded: see `scaling.training.observables`
    early_stop      whether a group ends when more training can teach nothing more
    backend         loop, batched or auto; precision is that of training: float32 where norms are observed
    """

    dataset: str
    model: Mapping[str, Any]
    validation_size: int
    test_size: int
    width: int | None = None
    epochs: int | None = None
    steps: int | None = None
    measurements: int = 30
    loss: str = "cross_entropy"
    optimizer: Mapping[str, Any] = field(default_factory=lambda: {"name": "adam", "learning_rate": 1e-3})
    parametrisation: Mapping[str, Any] = field(default_factory=lambda: {"name": "standard"})
    batch_size: int = 128
    init_factor: float = 1.0
    standardise: bool = True
    pooling: int = 1
    augmentation: Mapping[str, Any] = field(default_factory=dict)
    label_noise: float = 0.0
    norms: Sequence[str] = ("spectral_complexity", "frobenius", "spectral_product")
    convolutions: str = "reshaped"
    observables: Sequence[str] = ()
    early_stop: bool = False
    backend: str = "auto"
    precision: str = "float32"

    @property
    def architecture(self) -> str:
        """The name of the architecture."""
        return str(self.model.get("name"))

    @property
    def model_settings(self) -> dict[str, Any]:
        """What the architecture itself is told."""
        settings = {key: value for key, value in self.model.items() if key != "name"}
        if self.width is None:
            return settings
        return dict(registry.load("models", self.architecture).widened(settings, self.width))


@dataclass(frozen=True)
class Cell:
    """One network to train; all its random draws follow from what stands here."""

    experiment: str
    protocol: Protocol
    train_size: int
    seed: int


@dataclass(frozen=True)
class Group:
    """Cells that differ in their seeds only and are trained together."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def protocol(self) -> Protocol:
        """How its cells are trained."""
        return self.cells[0].protocol

    @property
    def train_size(self) -> int:
        """Training images of each cell."""
        return self.cells[0].train_size


def plan(experiment: str, settings: Mapping[str, Any]) -> list[Group]:
    """The groups of an experiment: for each variant and train size, its seeds in chunks of `group_size` (16).

    `settings` holds the fields of `Protocol`, `train_sizes`, `seeds` and perhaps `vary`, a mapping of some of `AXES` to
    lists of values: each combination of them is a variant. The composition of the groups follows from it alone. Raises
    ValueError for an unknown or missing key and for values with which nothing can be trained.
    """
    _check_keys(experiment, settings)
    settings = dict[str, Any](group_size=16, vary={}) | dict(settings)
    protocol = Protocol(**{entry.name: settings[entry.name] for entry in fields(Protocol) if entry.name in settings})
    size, seeds = settings["group_size"], settings["seeds"]
    groups = []
    for variant in variants(experiment, settings["vary"]):
        varied = varied_protocol(protocol, variant)
        _check_values(experiment, settings | vars(varied))
        groups += [
            Group(
                f"{_prefix(variant)}p{train_size:04d}-s{number:02d}",
                tuple(
                    Cell(experiment, varied, train_size, seed) for seed in seeds[size * number : size * (number + 1)]
                ),
            )
            for train_size in settings["train_sizes"]
            for number in range(-(-len(seeds) // size))
        ]
    return groups


def variants(experiment: str, vary: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """Every combination of the values of the varied axes; one without any where nothing varies.

    Raises ValueError for an unknown axis and for an axis whose values are none or not different.
    """
    for axis, values in vary.items():
        if axis not in AXES:
            raise ValueError(f"{experiment}: vary: found {axis!r}; allowed: {', '.join(AXES)}")
        if not values or len(set(values)) != len(values):
            raise ValueError(
                f"{experiment}: vary: {axis}: found {list(values)}; allowed: one or more different numbers"
            )
    return [dict(zip(vary, choice, strict=True)) for choice in product(*vary.values())]


def varied_protocol(protocol: Protocol, variant: Mapping[str, Any]) -> Protocol:
    """The protocol of one variant."""
    changed = {axis: value for axis, value in variant.items() if axis != "learning_rate"}
    if "learning_rate" in variant:
        changed["optimizer"] = {**protocol.optimizer, "learning_rate": variant["learning_rate"]}
    return replace(protocol, **changed)


def variant_of(protocol: Protocol) -> dict[str, Any]:
    """The values of all axes, as `groups_of` takes them."""
    return {axis: protocol.optimizer[axis] if axis == "learning_rate" else getattr(protocol, axis) for axis in AXES}


def as_written(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Groups as mappings of `name`, `variant`, `train_size` and `seeds`: what `groups_of` reads."""
    return [
        {
            "name": group.name,
            "variant": variant_of(group.protocol),
            "train_size": group.train_size,
            "seeds": [cell.seed for cell in group.cells],
        }
        for group in groups
    ]


def groups_of(experiment: str, protocol: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Groups from their mappings, with the protocol that they share but for their variants, which may be left out."""
    shared, found = Protocol(**protocol), []
    for group in groups:
        varied = varied_protocol(shared, group.get("variant", {}))
        cells = tuple(Cell(experiment, varied, group["train_size"], seed) for seed in group["seeds"])
        found.append(Group(group["name"], cells))
    return found


def plugins(protocol: Protocol) -> list[str]:
    """The modules that a protocol names: they count for a fingerprint of the code, as what is imported does."""
    norms = [registry.module_name("norms", name) for name in protocol.norms]
    return [registry.module_name("models", protocol.architecture), *norms]


def steps_per_epoch(protocol: Protocol, train_size: int) -> int:
    """Updates in a pass over the training set; the last batch may be smaller."""
    return -(-train_size // protocol.batch_size)


def measurement_steps(protocol: Protocol, train_size: int) -> list[int]:
    """The numbers of updates after which a network is measured: first 0, and the last ends its training."""
    if protocol.epochs is None:
        return log_spaced(protocol.steps or 0, protocol.measurements)
    one = steps_per_epoch(protocol, train_size)
    epochs = max(protocol.epochs, -(-(protocol.steps or 0) // one))
    return [one * epoch for epoch in log_spaced(epochs, protocol.measurements)]


def log_spaced(last: int, count: int) -> list[int]:
    """0, and at most `count` − 1 log-spaced integers from 1 to `last`, each once."""
    return [0, *np.unique(np.geomspace(1, last, count - 1).round().astype(int)).tolist()]


def _prefix(variant: Mapping[str, float]) -> str:
    """The beginning of the names of a variant's groups, such as `w0064-r0.01-`."""
    return "".join(
        f"{LETTERS[axis]}{value:04d}-" if axis == "width" else f"{LETTERS[axis]}{value:g}-"
        for axis, value in variant.items()
    )


def _check_keys(experiment: str, settings: Mapping[str, Any]) -> None:
    required = {entry.name: entry.default is MISSING and entry.default_factory is MISSING for entry in fields(Protocol)}
    required |= {"train_sizes": True, "seeds": True, "group_size": False, "vary": False}
    if unknown := sorted(settings.keys() - required.keys()):
        raise ValueError(f"{experiment}: found the unknown key {unknown[0]}; allowed: {', '.join(sorted(required))}")
    if missing := [key for key in required if required[key] and key not in settings]:
        raise ValueError(f"{experiment}: found no {missing[0]}; it must be given")


def _check_values(experiment: str, settings: Mapping[str, Any]) -> None:
    def check(allowed: bool, key: str, found: object, words: str) -> None:
        if not allowed:
            raise ValueError(f"{experiment}: {key}: found {found}; allowed: {words}")

    for key, smallest in (("train_sizes", 1), ("seeds", 0)):
        values = settings[key]
        fine = len(values) == len(set(values)) and min(values, default=-1) >= smallest
        check(fine, key, values, f"one or more different integers ≥ {smallest}")
    budgets = {key: settings[key] for key in ("epochs", "steps") if settings[key] is not None}
    check(bool(budgets), "epochs, steps", "neither", "one of them, or both")
    for key, value in budgets.items():
        check(value >= 1, key, value, "integers ≥ 1")
    for key, smallest in SMALLEST.items():
        check(settings[key] >= smallest, key, settings[key], f"integers ≥ {smallest}")
    for key, choices in CHOICES.items():
        check(settings[key] in choices, key, repr(settings[key]), ", ".join(choices))
    check(settings["width"] is None or settings["width"] >= 1, "width", settings["width"], "integers ≥ 1")
    check(settings["init_factor"] > 0, "init_factor", settings["init_factor"], "numbers > 0")
    for name in settings["observables"]:
        check(name in OBSERVABLES, "observables", repr(name), ", ".join(OBSERVABLES))
    check(0 <= settings["label_noise"] < 1, "label_noise", settings["label_noise"], "numbers ≥ 0 and < 1")
    _check_optimizer(check, settings["optimizer"])
    _check_parametrisation(check, settings["parametrisation"])
    _check_augmentation(check, settings["augmentation"])


def _check_optimizer(check: Any, optimizer: Mapping[str, Any]) -> None:
    name = optimizer.get("name")
    check(name in OPTIMIZERS, "optimizer", repr(name), ", ".join(OPTIMIZERS))
    known = ("name", "learning_rate", "layer_rates", *OPTIMIZERS[str(name)])
    for key, value in optimizer.items():
        check(key in known, f"optimizer: {name}", repr(key), ", ".join(known))
        if key in OPTIMIZERS[str(name)]:
            check(value >= 0, f"optimizer: {key}", value, "numbers ≥ 0")
    for role, factor in optimizer.get("layer_rates", {}).items():
        check(role in ROLES, "optimizer: layer_rates", repr(role), ", ".join(ROLES))
        check(factor >= 0, f"optimizer: layer_rates: {role}", factor, "numbers ≥ 0")
    rate = optimizer.get("learning_rate", 0)
    check(rate > 0, "optimizer: learning_rate", rate, "numbers > 0")


def _check_parametrisation(check: Any, parametrisation: Mapping[str, Any]) -> None:
    name, base = parametrisation.get("name"), parametrisation.get("base_width", 0)
    check(name in PARAMETRISATIONS, "parametrisation", repr(name), ", ".join(PARAMETRISATIONS))
    check(name == "standard" or base >= 1, "parametrisation: base_width", base, "integers ≥ 1")


def _check_augmentation(check: Any, augmentation: Mapping[str, Any]) -> None:
    for key, value in augmentation.items():
        check(key in AUGMENTATIONS, "augmentation", repr(key), ", ".join(AUGMENTATIONS))
        check(value >= 0, f"augmentation: {key}", value, "numbers ≥ 0, true or false")
