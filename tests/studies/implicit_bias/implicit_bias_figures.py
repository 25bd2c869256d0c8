"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

import numpy as np
import pandas as pd
from tests.studies.grids import grid, with_interval

Tables = dict[str, pd.DataFrame]
LOADS = [1.0, 10.0, 100.0]
NORMS = np.geomspace(0.1, 1000, 9)
TRAIN_SIZES = [40, 160]
STEPS = np.array([0, 1, 3, 10, 30, 100])
NORM_NAMES = ("spectral_complexity", "spectral_product", "frobenius", "l1")
DIGITS = ("digits_mlp", "digits_mlp_small_init", "digits_cnn", "digits_resnet", "digits_vit")
NINE = tuple(f"{model}_{data}" for model in ("cnn", "resnet", "vit") for data in ("mnist", "cifar10", "cifar100"))
REDUCED = tuple(f"{name}_reduced" for name in NINE)
SELECTIONS = ("validation_error", "validation_loss")

PUBLISHED = {"A_free_norm_early_exponent": 0.5, "perceptron_capped_steps": 0.02}
PUBLISHED |= {f"A_{network}_measured": 0.3 + 0.02 * place for place, network in enumerate(NINE)}
PUBLISHED |= {f"A_{network}_predicted": 0.25 + 0.03 * place for place, network in enumerate(NINE)}

# figure → (table, its columns that are drawn as x and y)
PLAIN = {
    "perceptron_error_vs_norm": [("curves", "norm", "error")],
    "perceptron_scaling_laws": [("optimum", "alpha", "norm")],
    "perceptron_free_norm": [("ratio", "norm", "flow_ratio")],
    "perceptron_universal": [("universal", "norm_per_load", "error_times_load"), ("optimum", "alpha", "norm")],
    "digits_learning_curve": [(law, "x", "value") for law in ("power_law", "power_law_offset", "bnsl")],
}


def _error(alpha: pd.Series, norm: pd.Series) -> pd.Series:
    return 0.3 / np.sqrt(alpha) * (1 / (1 + norm) + 0.1 + 0.01 * norm / alpha)


def _curves() -> pd.DataFrame:
    rows = grid(alpha=LOADS, norm=NORMS)
    limits = {"hebb_error": 0.33, "bayes_error": 0.03, "max_stability_error": 0.2, "optimal_error": 0.04}
    return rows.assign(
        error=_error(rows["alpha"], rows["norm"]),
        optimal_norm=0.9 * rows["alpha"],
        **{name: value / np.sqrt(rows["alpha"]) for name, value in limits.items()},
    )


def _optimum() -> pd.DataFrame:
    rows = grid(alpha=[*LOADS, 1000.0])
    return rows.assign(norm=0.9 * rows["alpha"])


def _simulated(loads: list[float], *columns: str) -> pd.DataFrame:
    rows = grid(alpha=loads, seed=range(3), norm=NORMS[:6])
    error = _error(rows["alpha"], rows["norm"])
    return rows.assign(
        **{name: error * (1.1 + 0.05 * rows["seed"] + 0.1 * place) for place, name in enumerate(columns)}
    )


def perceptron_error_vs_norm() -> Tables:
    return {
        "curves": _curves(),
        "path": _simulated(LOADS[:2], "error"),
        "path_large_load": _simulated(LOADS[2:], "error"),
    }


def perceptron_scaling_laws() -> Tables:
    return {**perceptron_error_vs_norm(), "optimum": _optimum()}


def perceptron_free_norm() -> Tables:
    ratio = grid(norm=NORMS).assign(flow_ratio=lambda rows: 1 + 0.1 / (1 + rows["norm"]))
    halving = [
        _simulated([10.0], "error", "halved_error").assign(schedule=schedule)
        for schedule in ("capped", "inverse_loss", "relative_norm")
    ]
    return {
        "curves": _curves(),
        "ratio": ratio,
        "flow": _simulated([4.0, 10.0], "error", "fixed_norm_error"),
        "flow_large_load": _simulated([200.0], "error", "fixed_norm_error"),
        "halving": pd.concat(halving, ignore_index=True),
    }


def perceptron_universal() -> Tables:
    universal = grid(norm_per_load=NORMS / 1000)
    universal = universal.assign(
        error_times_load=0.4 + 0.1 / universal["norm_per_load"],
        optimal_norm_per_load=0.9,
        optimal_error_times_load=0.44,
    )
    return {"curves": _curves(), "universal": universal, "mse": _curves(), "optimum": _optimum()}


def digits_learning_curve() -> Tables:
    points = grid(x=[40, 80, 160], seed=range(3)).assign(y=lambda rows: 2 / rows["x"] + 0.001 * rows["seed"])
    law = with_interval(grid(x=[40.0, 80.0, 160.0, 320.0]).assign(value=lambda rows: 2 / rows["x"]), "value")
    parameters = with_interval(pd.DataFrame({"parameter": ["b", "c0"], "value": [2.0, 1.0]}), "value")
    laws = dict.fromkeys(("power_law", "power_law_offset", "bnsl"), law)
    return {"points": points, **laws, "parameters": parameters}


def learning_curves(experiment: str) -> pd.DataFrame:
    """Networks whose error falls with the steps, the further the more examples there are, while all norms grow."""
    rows = grid(train_size=TRAIN_SIZES, seed=range(2), step=STEPS)
    clock = np.log1p(rows["step"]) + 0.1 * rows["seed"]
    error = 0.9 / (1 + rows["step"]) + 2 / rows["train_size"]
    norms = {f"log_norm_{name}": clock + place for place, name in enumerate(NORM_NAMES)}
    return rows.assign(
        experiment=experiment, epoch=rows["step"], test_error=error, validation_error=1.01 * error, **norms
    )


def digits_error_vs_norm() -> Tables:
    return {"learning_curves": learning_curves("digits_mlp")}


def _optima(experiments: tuple[str, ...]) -> pd.DataFrame:
    values = {"log_optimal_norm": 2.5, "log_least_error": np.log(0.06), "gamma_1": 0.9}
    rows = grid(experiment=experiments, train_size=TRAIN_SIZES, parameter=list(values))
    rows = rows.assign(measured=rows["parameter"].map(values), used=rows["train_size"] > TRAIN_SIZES[0])
    return with_interval(rows, "measured")


def dynamical_laws_networks() -> Tables:
    optima = dict.fromkeys(("by_error", "by_loss"), _optima(DIGITS))
    return {**optima, **{name: learning_curves(name) for name in DIGITS}}


def exponents(experiments: tuple[str, ...] = DIGITS, norms: tuple[str, ...] = NORM_NAMES) -> pd.DataFrame:
    """All exponents of all networks along all norms, none of them equal to another."""
    names = ["gamma_1", "gamma_2", "gamma_predicted", "gamma_measured", "gamma_locus", "difference", "locus_difference"]
    rows = grid(
        experiment=experiments,
        clock=[f"log_norm_{name}" for name in norms],
        selected_on=SELECTIONS,
        parameter=names,
    )
    return with_interval(rows.assign(measured=0.4 + 0.5 * np.arange(len(rows)) / len(rows)), "measured")


def dynamical_exponents() -> Tables:
    return {"exponents": exponents()}


def norm_variants() -> Tables:
    return {"exponents": exponents()}


def clocks(norms: tuple[str, ...] = NORM_NAMES, experiments: tuple[str, ...] = DIGITS) -> Tables:
    names = [*(f"log_norm_{name}" for name in norms), "step", "train_loss"]
    rows = grid(experiment=experiments, clock=names, parameter=["unexplained", "collapse"])
    return {"clocks": with_interval(rows.assign(measured=0.1 + 0.01 * np.arange(len(rows))), "measured")}


def _choices(experiments: tuple[str, ...]) -> pd.DataFrame:
    rows = grid(experiment=experiments, estimator=["validation_error", "smoothed"], window=["a", "b"])
    place = np.arange(len(rows)) / len(rows)
    return rows.assign(gamma_predicted=0.4 + 0.2 * place, gamma_measured=0.5 + 0.1 * place)


def multiverse() -> Tables:
    return {"multiverse": _choices(DIGITS)}


def ablations() -> Tables:
    changed = ("digits_mlp_weight_decay", "digits_mlp_sgd", "digits_mlp_mse")
    return {"exponents": exponents(), "ablations": exponents(changed)}


def nine_networks() -> Tables:
    curves = {name: learning_curves(name) for name in NINE}
    return {"by_error": _optima(NINE), "exponents": exponents(NINE), **curves}


def nine_reduced() -> Tables:
    curves = {name: learning_curves(name) for name in REDUCED}
    return {"by_loss": _optima(REDUCED), "exponents": exponents(REDUCED), **curves}


def nine_reduced_exponents() -> Tables:
    levels = exponents(REDUCED)
    ends = {"jackknife_low": levels["measured"] - 0.2, "jackknife_high": levels["measured"] + 0.2}
    levels = levels.assign(**ends)
    closed = levels["experiment"].str.contains("cifar")  # where the window never opens
    fall = levels.assign(measured=levels["measured"] + 0.01)
    levels.loc[closed, ["measured", "low", "high", *ends]] = np.nan
    return {"levels": levels, "log_fall": fall}


def nine_reduced_clocks() -> Tables:
    return clocks(experiments=REDUCED)


def reference_laws() -> Tables:
    experiments = ("CNN_MNIST", "ResNet_CIFAR10", "ViT_CIFAR100", "CNN_MNIST_SGD")
    rows = grid(experiment=experiments, parameter=["gamma_predicted", "gamma_measured"])
    rows = rows.assign(measured=0.3 + 0.05 * np.arange(len(rows)), quoted_error=0.02)
    return {"exponents": rows, "multiverse": _choices(experiments)}
