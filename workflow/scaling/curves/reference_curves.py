"""The authors' averaged learning curves of D'Amico et al. (arXiv 2505.13230): test error against a norm of the weights.

Four files, from the repository Francill99/deep_norm as plain tables: curves.csv.gz (experiment, variant_index, P, norm,
mean_test_error), norms.npz (the same for the three experiments with four norms each: <experiment>__P, __norm_grid and
__mean_test_error), points.csv (norm_at_min_error_mean: the mean over seeds of the norm at their least test error) and
fits.csv (the exponents that were stored with the curves, and the windows set by hand that give them).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points
from scaling.datasets import DataError, find

COLUMNS = {
    "experiment": "shared",
    "variant": "shared",
    "train_size": "shared",
    "norm_at_least_error": ("", "mean over seeds of the norm at their least test error, published"),
    "stored_gamma_1": ("", "γ₁ stored with the published curves"),
    "stored_gamma_2": ("", "γ₂ stored with the published curves"),
    "window_left": ("", "left end of a window set by hand, over the norm at the lowest point", "there is no limit"),
    "window_right": ("", "right end of it", "there is no limit"),
    "first_for_gamma_1": ("", "position of the first train size that counts for γ₁"),
    "first_for_gamma_2": ("", "position of the first train size that counts for γ₂"),
}

NAMES = ("curves.csv.gz", "norms.npz", "points.csv", "fits.csv")
ADVICE = "make it from the files of github.com/Francill99/deep_norm as this source describes it"
KEYS = ["experiment", "variant"]
FROM_FITS = {
    "gamma_1": "stored_gamma_1",
    "gamma_2": "stored_gamma_2",
    "x_left": "window_left",
    "x_right": "window_right",
    "first_P_index_gamma_1": "first_for_gamma_1",
    "first_P_index_gamma_2": "first_for_gamma_2",
}


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The files in the user's data folder. Raises DataError when one is not there."""
    return [find(folder, [name], ADVICE) for name in NAMES]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """Error (y) against norm (x), a curve for each experiment, variant and train size; fits and optima beside them."""
    if len(inputs) < len(NAMES):
        raise DataError(f"{', '.join(NAMES)}: not found in data.folder or SCALING_DATA; {ADVICE}")
    curves, optima, fits = (_named(pd.read_csv(inputs[index])) for index in (0, 2, 3))
    rows = pd.concat([curves, _with_several_norms(inputs[1])], ignore_index=True)
    rows = rows.merge(optima[[*KEYS, "P", "norm_at_min_error_mean"]], on=[*KEYS, "P"], validate="many_to_one")
    rows = rows.merge(fits[[*KEYS, *FROM_FITS]], on=KEYS, validate="many_to_one").rename(columns=FROM_FITS)
    names = rows["experiment"] + "|" + rows["variant"].astype(str) + "|" + rows["P"].astype(str)
    made = make_points({"curve": names, "x": rows["norm"], "y": rows["mean_test_error"]})
    kept = rows.rename(columns={"P": "train_size", "norm_at_min_error_mean": "norm_at_least_error"})
    return pd.concat([made, kept[[*KEYS, "train_size", "norm_at_least_error", *FROM_FITS.values()]]], axis="columns")


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Variants are numbered from 0; an experiment without variants is its own number 0."""
    return table.assign(variant=table.pop("variant_index").fillna(0).astype(int))


def _with_several_norms(path: Path) -> pd.DataFrame:
    parts = []
    with np.load(path) as arrays:
        for name in sorted(key.removesuffix("__P") for key in arrays if key.endswith("__P")):
            error = arrays[f"{name}__mean_test_error"]
            variant, size, place = np.nonzero(np.isfinite(error))
            columns = {
                "variant": variant,
                "P": arrays[f"{name}__P"][size],
                "norm": arrays[f"{name}__norm_grid"][place],
                "mean_test_error": error[variant, size, place],
            }
            parts.append(pd.DataFrame({"experiment": name, **columns}))
    return pd.concat(parts, ignore_index=True)
