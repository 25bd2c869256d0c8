"""Learning curves whose exponents are planted, as a trainer would record them."""

import numpy as np
import pandas as pd

SIZES = (100, 200, 400, 800, 1600)


def planted(
    gamma_1: float,
    gamma_2: float,
    seeds: int = 8,
    noise: float = 0.0,
    steps: int = 40,
    locus: float | None = None,
    sizes: tuple[int, ...] = SIZES,
) -> pd.DataFrame:
    """Curves ε = c λ^(−γ₁) down to an optimum at λ = P^γ₂, from which they rise slowly.

    `locus` is the exponent of the least error along the optima, γ₁ unless given: all curves then are one before their
    optima. Clocks beside the norm: step grows as λ², the training loss falls as λ^(−1/2) P^(−1/2). `noise` is the
    standard deviation of what a seed multiplies its errors and norms by, in logs.
    """
    random = np.random.default_rng(0)
    parts = []
    for seed in range(seeds):
        for size in sizes:
            shift, lift = noise * random.standard_normal(2)
            u = np.linspace(-9.5, 1.5 + gamma_2 * np.log(sizes[-1]), steps)
            place = u - gamma_2 * np.log(size)
            least = 0.6 * size ** (-(gamma_1 if locus is None else locus) * gamma_2)
            error = np.where(place < 0, least * np.exp(-gamma_1 * place), least * (1 + 0.3 * place**2))
            error = np.minimum(error, 0.9) * np.exp(lift)
            columns = {
                "experiment": "planted",
                "train_size": size,
                "seed": seed,
                "step": np.round(1000 * np.exp(2 * (u + 9.5))).astype(int),
                "log_norm_planted": u + shift,
                "train_loss": np.exp(-u / 2) / np.sqrt(size),
            }
            measured = ("test_error", "validation_error", "validation_loss")
            parts.append(pd.DataFrame(columns | dict.fromkeys(measured, error)))
    return pd.concat(parts, ignore_index=True)
