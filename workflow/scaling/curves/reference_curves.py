"""The authors' averaged learning curves of D'Amico et al. (arXiv 2505.13230): test error against a norm of the weights.

Either their 17 files <experiment>.npy, as github.com/Francill99/deep_norm publishes them, or four plain tables made of
these: curves.csv.gz (experiment, variant_index, P, norm, mean_test_error), norms.npz (the same for the three
experiments with four norms each: <experiment>__P, __norm_grid and __mean_test_error), points.csv
(norm_at_min_error_mean: the mean over seeds of the norm at their least test error) and fits.csv (the stored exponents).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling import records
from scaling.curves import make_points
from scaling.curves._pickled_arrays import read_pickled
from scaling.datasets import DataError, find
from scaling.datasets._originals import Origin, check_digest

REPOSITORY = "Francill99/deep_norm"
COMMIT = "c16504543992340372a3d9107a71276b6ac8e7c3"
ORIGIN = Origin(
    title="averaged curves of D'Amico et al.",
    home_page=f"https://github.com/{REPOSITORY}/tree/{COMMIT}/analysis",
    licence="none stated",
    shape=(),
    files={
        "CNN_CIFAR10.npy": "b7013b31644fa0b839c48a06271b70b7997a126fe2657e6ec419b45b27f26554",
        "CNN_CIFAR100.npy": "6beed2ca8d33a38553f7681bb4c263019748446a2ba9f9f1d6aeb17c6886121a",
        "CNN_CIFAR100_SGD.npy": "84eea106711ba3c7c28079fa8b4f26e15e5b8a86d6b4e86189b602d2fe7b47eb",
        "CNN_CIFAR10_SGD.npy": "dadf2caae6dc7a15c8d0e4bd92dce3e02974591fac9cd931298b86e535bc5bf2",
        "CNN_CIFAR10_norms.npy": "36dc8d19725dd1a124248f7bad2756934729be670aa2d1b45c7fb7916fedc789",
        "CNN_CIFAR10_wd.npy": "e41fc6cf8e2c26f5900c671f19a36dd90ef7e2e464964104099668473886ffc1",
        "CNN_MNIST.npy": "93f43465217f4aba805acc24c911e96403f5b934f7fa3af3c55f155460e537f3",
        "ResNet_CIFAR10.npy": "0289d86cddf99a7a6f1e1b546d80cf3aac4ba2e839a909291e20b59d4b8aad61",
        "ResNet_CIFAR100.npy": "1426eee80214005e67c6d7600704a9b60a6c1d0bfdcd234ef45b0bfb645a7de6",
        "ResNet_CIFAR10_norms.npy": "424fdbd3ba56d338ecc3f2f78be53057d86249abd297260e146763f2a3dd3c7d",
        "ResNet_CIFAR10_wd.npy": "9ad57d240ec64024db786f9bccf995d757a24b3f74bd839ec781c3ad3fde680c",
        "ResNet_MNIST.npy": "f9eadabbeb8ea441cf69efa6d3f9c6f0e50e7183c0fce5ea927e36c1071f38aa",
        "ViT_CIFAR10.npy": "ea1737dcf83bba23d6340e5bc887ffaedf2a58dfb3d1f437e53ab857a089b7b8",
        "ViT_CIFAR100.npy": "f97a5c2f86c042c6afcf3088a8485fd957eb578197bb7b8b95b8376b01eb3432",
        "ViT_CIFAR10_norms.npy": "305f74d6696b3c2015797106d03bf86323404b516aa393cfd396f7d8566447f0",
        "ViT_CIFAR10_wd.npy": "0fa34f07e898795d4d6b4dde683140c28b93cfdc54054667fc4d08bb44cf7aa0",
        "ViT_MNIST.npy": "3547fe637112142cbda9583d7c523e0c0d796a98ad520c56ac46fe4bf2a0a1e2",
    },
    mirrors=(f"https://raw.githubusercontent.com/{REPOSITORY}/{COMMIT}/analysis/",),
)
PLAIN = ("curves.csv.gz", "norms.npz", "points.csv", "fits.csv")
KEYS = ["experiment", "variant"]
COLUMNS = {
    "experiment": "shared",
    "variant": "shared",
    "train_size": "shared",
    "norm_at_least_error": ("", "mean over seeds of the norm at their least test error"),
    "stored_gamma_1": ("", "γ₁ as stored with the published curves"),
    "stored_gamma_2": ("", "γ₂ as stored with the published curves"),
}


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The authors' files in the user's data folder, else the plain tables. Raises DataError when neither are there."""
    try:
        return [find(folder, [name], ORIGIN.advice) for name in ORIGIN.files]
    except DataError as error:
        try:
            return [find(folder, [name], ORIGIN.advice) for name in PLAIN]
        except DataError:
            raise error from None


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """Error (y) against norm (x), a curve for each experiment, variant and train size; fits and optima beside them.

    Raises DataError for one of the authors' files that is not the published one.
    """
    if inputs[0].suffix == ".npy":
        for path in inputs:
            check_digest(ORIGIN, path)
        rows = pd.concat([of_pickled(path.stem, read_pickled(path)) for path in inputs], ignore_index=True)
    else:
        rows = _of_plain_tables(inputs)
    names = rows["experiment"] + "|" + rows["variant"].astype(str) + "|" + rows["train_size"].astype(str)
    made = make_points({"curve": names, "x": rows["norm"], "y": rows["error"]})
    return pd.concat([made, rows[list(COLUMNS)]], axis="columns")


def of_pickled(experiment: str, content: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of one of the authors' files; arrays with variants have them along the first axis."""
    error = np.asarray(content["mean_val_error_arr"], float)
    several = error.ndim == 3
    error = error if several else error[None]
    sizes, grid = np.asarray(content["P_arr"]), np.asarray(content["log_x_grid"], float)
    at_least = np.broadcast_to(np.asarray(content["l_0_arr"], float), error.shape[:2])
    stored = {key: np.atleast_1d(content[f"{key}_arr" if several else key]) for key in ("gamma_1", "gamma_2")}
    variant, size, place = np.nonzero(np.isfinite(error))
    return pd.DataFrame(
        {
            "experiment": experiment,
            "variant": variant,
            "train_size": sizes[size].astype(int),
            "norm": grid[place],
            "error": error[variant, size, place],
            "norm_at_least_error": at_least[variant, size],
            **{f"stored_{key}": values.astype(float)[variant] for key, values in stored.items()},
        }
    )


def _of_plain_tables(inputs: Sequence[Path]) -> pd.DataFrame:
    curves, optima, fits = (_named(records.read_csv(inputs[index])) for index in (0, 2, 3))
    rows = pd.concat([curves, _with_several_norms(inputs[1])], ignore_index=True)
    rows = rows.merge(optima[[*KEYS, "P", "norm_at_min_error_mean"]], on=[*KEYS, "P"], validate="many_to_one")
    rows = rows.merge(fits[[*KEYS, "gamma_1", "gamma_2"]], on=KEYS, validate="many_to_one")
    return rows.rename(
        columns={
            "P": "train_size",
            "mean_test_error": "error",
            "norm_at_min_error_mean": "norm_at_least_error",
            "gamma_1": "stored_gamma_1",
            "gamma_2": "stored_gamma_2",
        }
    )


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
