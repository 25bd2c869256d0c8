"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

import numpy as np
import pandas as pd
from tests.studies.grids import grid

from scaling.analysis import held_out_clocks, law_contest, plateau_horizon, stretched_in_width
from scaling.analysis.curve_tables import KINDS

Tables = dict[str, pd.DataFrame]

PUBLISHED: dict[str, float] = {}

# figure → (table, its columns that are drawn as x and y)
PLAIN = {
    "plateau_horizons": [("limits", "noise_level", "limit_lead")],
}


def plateau_horizons() -> Tables:
    """Two plateaus that end at 100 and 300; laws see the end, each from a share of its own on."""
    ends = {"M = 2": 100.0, "M = 4": 300.0}
    twins = grid(curve=ends, share=np.linspace(0.2, 1.02, 12))
    twins["end_time"] = twins["curve"].map(ends)
    twins["alpha"] = twins.pop("share") * twins["end_time"]
    fall = np.exp(0.05 * (twins["alpha"] - twins["end_time"])) * np.log(2)
    twins = twins.assign(twin_error=0.006, error=0.006 * np.exp(-fall))
    limits = grid(curve=ends, noise_level=[0.001, 0.01])
    length = limits["curve"].map(ends) / 10
    lead = np.log(0.5 / limits["noise_level"])
    limits = limits.assign(length=length, limit_lead=lead, limit_share=1 - lead / length)
    predictions = grid(
        curve=ends,
        noise_level=[0.001, 0.01],
        draw=[0, 1],
        seen_share=[0.7, 0.9, 0.98],
        observer=plateau_horizon.OBSERVERS,
    )
    end = predictions["curve"].map(ends)
    place = predictions["observer"].map({name: number for number, name in enumerate(plateau_horizon.OBSERVERS)})
    seen = predictions["seen_share"] > 0.6 + 0.07 * place
    low = np.where(predictions["observer"].str.startswith("broken law"), 0.9 * end, np.nan)
    predictions = predictions.assign(
        predicted_end=np.where(seen, end, np.nan), low=low, high=1.1 * end, end_time=end, length=end / 10
    )
    return {"twins": twins, "limits": limits, "predictions": predictions}


def laws_of_double_descent() -> Tables:
    """Risks with a peak at 40; every law errs by a share of its own of one over the cut."""
    pairs = pd.DataFrame({"cut": np.geomspace(10, 640, 7)})
    pairs = pairs.assign(directions=pairs["cut"], risk=1 / (1 + np.log(pairs["cut"] / 40) ** 2))
    pairs = pairs.assign(stretched_risk=pairs["risk"])
    laws = [stretched_in_width.STRETCHED, *stretched_in_width.FITTED]
    errors = grid(origin=["dynamic", "capacity", "equal time"], law=laws, cut=[20.0, 40.0, 80.0])
    place = errors["law"].map({name: number for number, name in enumerate(laws)})
    errors = errors.assign(peak=40.0, log_risk_error=(1 + place) / errors["cut"])
    return {"errors": errors, "dynamic": pairs, "capacity": pairs, "equal_time": pairs}


def clocks_on_grids() -> Tables:
    """Every clock on every grid, and losses of three widths that fall as one function of η K₁(0) t."""
    grids = ["widths_sgd", "widths_adam", "sizes_sgd", "sizes_adam", "rates_adam", "cnn_adam"]
    clocks = grid(grid=grids, choice=held_out_clocks.CLOCKS, resample=range(6))
    place = clocks["choice"].map({name: number for number, name in enumerate(held_out_clocks.CLOCKS)})
    clocks["r_squared"] = 0.95 - 0.12 * place + 0.01 * clocks["resample"] + 0.03 * clocks["grid"].map(grids.index)
    adam = grid(width=[16, 32, 64], seed=[0, 1], step=[0, 1, 4, 16, 64])
    adam = adam.assign(learning_rate=0.1, l1_kernel=adam["width"] / 16, aligned_kernel=adam["width"] ** 2 / 256)
    adam["test_loss"] = 0.09 / (1 + adam["l1_kernel"] * adam["step"] / 10)
    return {"clocks": clocks, "adam": adam}


def loss_at_held_norm() -> Tables:
    """Bowls of the loss along a norm that is held and along one that grows, and perceptrons at two loads."""
    held = grid(train_size=[40, 160], init_factor=[0.9, 1.3, 1.8, 2.5], seed=[0, 1], step=[0, 9])
    free = grid(train_size=[40, 160], seed=[0, 1], step=[0, 2, 4, 6, 8])
    norms = {"held": 7 * held["init_factor"], "free": 5 + free["step"]}
    tables = {
        name: rows.assign(
            log_norm_frobenius=np.log(norms[name]),
            test_loss=40 / rows["train_size"] * (1 + np.log(norms[name] / 10) ** 2 + 0.01 * rows["seed"]),
        )
        for name, rows in (("held", held), ("free", free))
    }
    perceptron = grid(alpha=[4.0, 10.0], seed=range(4))
    ratio = 0.6 / perceptron["alpha"]
    noise = 0.01 * perceptron["seed"]
    return tables | {"perceptron": perceptron.assign(log_place_ratio=ratio + noise, theory_place_ratio=ratio)}


def laws_on_all_curves() -> Tables:
    """Four curves of each kind; laws err more and more, and the default holds a share of its own of each curve."""
    laws = grid(kind=KINDS, number=range(4), law=law_contest.LAWS)
    place = laws["law"].map({name: number for number, name in enumerate(law_contest.LAWS)})
    laws["error_ahead"] = 0.01 * (1 + place) * (1 + laws["number"]) * (1 + laws["kind"].map(KINDS.index))
    laws["coverage"] = (0.4 + 0.2 * laws["number"]).where(laws["law"] == law_contest.DEFAULT)
    laws["curve"] = laws["kind"] + laws["number"].astype(str)
    return {"laws": laws.assign(source="theory", experiment=laws["kind"])}


def _kernels(names: list[str], exponent: float) -> pd.DataFrame:
    """Kernels of a falling spectrum, whose losses fall with the number of examples as predicted, but for two draws."""
    mode, size = np.arange(1.0, 41), np.array([20.0, 40.0, 80.0])
    parts = []
    for place, name in enumerate(names):
        values = {"eigenvalue": (mode, mode**-1.5), "tail": (mode, mode**-exponent)}
        values["predicted_loss"] = (size, (1 + place) * size**-exponent)
        rows = [pd.DataFrame({"amount_of": key, "at": at, "amount": y}) for key, (at, y) in values.items()]
        for draw, factor in enumerate((0.9, 1.1)):
            for key, power in (("measured_loss", exponent), ("measured_error", 2 * exponent)):
                y = factor * (1 + place) * size**-power
                rows.append(pd.DataFrame({"amount_of": key, "at": size, "amount": y, "examples_draw": draw}))
        parts.append(pd.concat(rows).assign(regression_kernel=name))
    return pd.concat(parts, ignore_index=True)


def spectra_and_exponents() -> Tables:
    """Two kernels, a perceptron with the squared error, and exponents of networks."""
    mse = grid(train_size=[40, 80, 160], seed=[0, 1], step=[1, 2, 3])
    loss = mse["train_size"] ** -0.7 * (1 + (mse["step"] - 2) ** 2)
    exponents = grid(experiment=["digits_mlp", "digits_cnn"], selected_on=["validation_error", "validation_loss"])
    exponents = exponents.assign(parameter="gamma_measured", clock="log_norm_spectral_complexity", measured=0.6)
    exponents.loc[exponents["experiment"] == "digits_cnn", "measured"] = np.nan  # too few sizes to tell
    return {
        "kernels": _kernels(["ReLU", "linear"], 0.5),
        "mse": mse.assign(validation_loss=loss, test_loss=1.1 * loss),
        "exponents": exponents.assign(low=0.5, high=0.7),
    }


def spectra_of_images() -> Tables:
    """The ReLU kernel on four sets of images, each with an exponent of its own."""
    sets = ("digits", "mnist", "cifar10", "cifar100")
    return {name: _kernels(["ReLU"], 0.5 - 0.1 * place) for place, name in enumerate(sets)}
