"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

import numpy as np
import pandas as pd
from tests.studies.grids import grid, with_interval

Tables = dict[str, pd.DataFrame]
TIMES = np.geomspace(0.1, 1e5, 7)
WIDTHS = [4, 8, 16, 32]
THRESHOLDS = [0.9, 0.5, 0.3]
RUNS = ["sgd", "momentum", "adam", "ntk", "mup", "tuned", "cnn"]

# figure → (table, its columns that are drawn as x and y)
PLAIN = {
    "double_descent_single_cause": [("noisy", "directions", "risk"), ("noisy_in_scale", "directions", "risk")],
    "double_descent_epoch_model_data": [
        ("epoch_wise", "scale_time", "risk"),
        ("data_wise_drawn", "train_size", "risk"),
    ],
    "double_descent_map": [("risks", "train_size", "risk")],
    "scale_time_prediction": [("laws", "held_out_width", "log_error")],
    "unified_law_networks": [("predictions", "width", "observed"), ("predictions", "width", "predicted_loss")],
}


def _risks(train_size: list[float], directions: list[float], noise: float = 0.25, **time: list[float]) -> pd.DataFrame:
    """Risks of a linear model, at given scale × time or at given times."""
    rows = grid(train_size=train_size, directions=directions, **time)
    if "scale_time" not in rows:
        rows["scale_time"] = rows["directions"] * rows["raw_time"]
    rows["raw_time"] = rows["scale_time"] / rows["directions"]
    spread = 10 / rows["train_size"] + noise * rows["scale_time"] / (1e4 + rows["scale_time"])
    unified = 1 / (1 + np.sqrt(rows["scale_time"])) + spread
    return rows.assign(
        noise=noise, unified_risk=unified, risk=unified * (1 + 5 / rows["directions"]), standard_error=0.01
    )


def double_descent_single_cause() -> Tables:
    tables = {}
    for name, noise in (("noisy", 0.05), ("noiseless", 0.0)):
        tables[name] = _risks([100.0], [10.0, 1e3, 1e5], noise, raw_time=[0.01])
        tables[f"{name}_in_time"] = _risks([100.0], [1e8], noise, scale_time=list(TIMES))
        tables[f"{name}_in_scale"] = _risks([100.0], [1e3, 1e5], noise, raw_time=[0.01])
    return tables


def double_descent_epoch_model_data() -> Tables:
    sizes = [10.0, 40.0, 200.0, 4000.0]
    theory = {
        "epoch_wise": _risks([100.0], [400.0], scale_time=list(TIMES)),
        "model_wise": _risks([100.0], sizes, scale_time=[3000.0]),
        "model_wise_equal_time": _risks([100.0], sizes, raw_time=[10.0]),
        "data_wise": _risks(sizes, [100.0], scale_time=[3000.0]),
    }
    drawn = {f"{name}_drawn": table[::2].assign(risk=1.05 * table["risk"]) for name, table in theory.items()}
    return theory | drawn


def unified_law_capacity() -> Tables:
    return {"curves": _risks([100.0], [50.0, 200.0, 800.0], scale_time=list(TIMES))}


def double_descent_map() -> Tables:
    sizes = [10.0, 50.0, 250.0]
    return {"risks": _risks(sizes, sizes, scale_time=[100.0, 1e4])}


def larger_models_equal_time() -> Tables:
    sizes, samples = [40.0, 160.0, 640.0], [10.0, 100.0, 1000.0]
    return {
        "noisy": _risks(samples, sizes, 0.25, raw_time=[10.0]),
        "noiseless": _risks(samples, sizes, 0.0, raw_time=[10.0]),
    }


def subspace_equivalence() -> Tables:
    def times(shares: list[float]) -> pd.DataFrame:
        rows = grid(directions=[32, 256, 1024], draw=range(4), loss_share=shares)
        large = 2 / rows["loss_share"]
        return rows.assign(
            large_model_time=large, scale_time=large * (1 + 8 / rows["directions"]) * (1 + 0.05 * rows["draw"])
        )

    distances = grid(directions=[32, 256, 1024], draw=range(4), scale_time=TIMES[:4])
    distance = (1 + 0.1 * distances["draw"]) * distances["scale_time"] / distances["directions"]
    distances = distances.assign(distance=distance, uniform_bound=3 * distance, exponential_bound=9 * distance)
    quadratic = times([0.01, 0.1, 0.5])
    tables = dict.fromkeys(("quadratic", "orthogonal", "sparse"), quadratic)
    return {**tables, "tanh": times([0.1, 0.2, 0.5]), "distances": distances}


def random_feature_double_descent() -> Tables:
    rows = grid(train_size=[60.0], directions=[20.0, 60.0, 240.0], scale_time=[100.0, 1e4, np.inf], draw=range(3))
    loss = 0.1 + 1 / (1 + np.abs(rows["directions"] - 60)) + 0.01 * rows["draw"] + 1 / rows["scale_time"]
    return {"clean": rows.assign(test_loss=loss), "noisy": rows.assign(test_loss=2 * loss)}


def _times(runs: list[str]) -> pd.DataFrame:
    """Times to thresholds; the narrowest width never gets to the lowest one."""
    rows = grid(run=runs, width=WIDTHS, threshold=THRESHOLDS)
    time = 400 / rows["width"] / rows["threshold"] + 5
    never = (rows["width"] == WIDTHS[0]) & (rows["threshold"] == THRESHOLDS[-1])
    rows = rows.assign(parameters=40 * rows["width"] + rows["width"] ** 2, time=time.mask(never))
    return with_interval(rows, "time").assign(status=np.where(never, "never reached", "reached"))


def scale_time_tradeoff() -> Tables:
    slopes = grid(run=RUNS, threshold=THRESHOLDS, scale=["third root of parameters", "width"])
    slopes = slopes.assign(time_slope=-1 - 0.01 * np.arange(len(slopes)))
    return {"times": _times(RUNS), "slopes": with_interval(slopes, "time_slope")}


def _training(**values: list[float]) -> pd.DataFrame:
    """Learning curves of networks whose squared loss falls from that of the best constant, 0.09."""
    rows = grid(width=WIDTHS, seed=[0, 1], step=[0, 1, 5, 25, 100], **values)
    loss = 0.09 / (1 + 0.02 * np.sqrt(rows["width"]) * rows["step"]) * (1 + 0.02 * rows["seed"])
    parameters = 40 * rows["width"] + rows["width"] ** 2
    return rows.assign(
        parameters=parameters, test_loss=loss, learning_rate=0.1, aligned_kernel=0.1 + 0.01 * rows["width"]
    )


def scale_time_collapse() -> Tables:
    choices = {"no stretch": 0.0, "published": 1 / 3, "width": 1.0, "best power of parameters": 0.6}
    rows = grid(run=["sgd", "adam"], choice=list(choices))
    scale = np.where(rows["choice"] == "width", "width", "parameters")
    collapse = rows.assign(scale=scale, kappa=rows["choice"].map(choices), r_squared=0.9)
    return {"collapse": collapse, "sgd": _training(), "adam": _training()}


def scale_time_prediction() -> Tables:
    pairs = grid(
        run=["sgd"], from_width=WIDTHS, to_width=WIDTHS, method=["no stretch", "published", "fitted elsewhere"]
    )
    pairs = pairs[pairs["from_width"] != pairs["to_width"]].reset_index(drop=True)
    laws = grid(run=["sgd"], law=["additive", "stretched power", "stretched spline"], held_out_width=WIDTHS)
    return {
        "predictions": pairs.assign(median_error=0.1 + 0.01 * np.arange(len(pairs))),
        "laws": laws.assign(log_error=0.2 + 0.01 * np.arange(len(laws))),
    }


def network_double_descent() -> Tables:
    rows = grid(width=WIDTHS, label_noise=[0.0, 0.2], seed=[0, 1]).assign(train_size=20)
    loss = (0.05 + 0.1 * rows["label_noise"] + 0.1 / rows["width"]) * (1 + 0.05 * rows["seed"])
    outcomes = rows.assign(
        parameters=75 * rows["width"] + 10,
        final_loss=loss,
        stopped_loss=0.9 * loss,
        best_step=100 - rows["width"],
        clean_time=400 / rows["width"] + rows["seed"],
        flipped_time=(900 / rows["width"] + rows["seed"]).where(rows["label_noise"] > 0),
    )
    return {"outcomes": outcomes, "curves": _training(label_noise=[0.0, 0.2])}


def network_double_descent_mnist() -> Tables:
    return network_double_descent()


def unified_law_networks() -> Tables:
    rows = grid(label_noise=[0.0, 0.2], width=WIDTHS, step=[1, 10, 100])
    observed = 0.1 * (1 + rows["label_noise"]) / np.log(2 + rows["width"] * rows["step"])
    columns = {"observed": observed, "standard_error": 0.02 * observed, "predicted_loss": 1.1 * observed}
    return {"predictions": rows.assign(above_capacity=rows["width"] > 8, **columns)}


def aligned_kernel() -> Tables:
    rows = grid(width=WIDTHS, seed=[0, 1])
    parts = {"kernel_input": 0.05, "kernel_hidden": 0.002 * rows["width"], "kernel_output": 0.001 * rows["width"]}
    parts = {name: value * (1 + 0.1 * rows["seed"]) for name, value in parts.items()}
    fitted = grid(width=WIDTHS).assign(parameters=lambda table: 75 * table["width"] + 10)
    fitted = with_interval(fitted.assign(examples=10 * fitted["parameters"] ** (1 / 3)), "examples")
    return {"kernel": rows.assign(kernel=sum(parts.values()), **parts), "times": _times(["sgd"]), "fitted": fitted}


def kernel_clock() -> Tables:
    clock = grid(run=["sgd", "ntk", "mup", "all"], choice=["no stretch", "kernel in time"]).assign(r_squared=0.9)
    drift = grid(run=["sgd", "ntk", "mup", "adam"], width=WIDTHS).assign(drift=lambda rows: 1 / rows["width"])
    return {
        "clock": clock,
        "drift": with_interval(drift, "drift"),
        **{run: _training() for run in ("sgd", "ntk", "mup")},
    }


def capacity_asymptote() -> Tables:
    fits = grid(run=["networks", "subspace"], choice=["one for one", "fitted"], threshold=THRESHOLDS)
    fits = fits.assign(
        kappa=1 / 3, trade_off=1.0, divergence=0.5, scale_time=500.0, least_scale=6 * (1 - fits["threshold"])
    )
    return {"times": _times(["networks"]), "asymptotes": with_interval(fits, "least_scale")}
