"""Do larger models, trained for the same time, need fewer samples, and what does label noise cost them?"""

import pandas as pd

from scaling.analysis.thresholds import crossing_time


def samples_needed(risks: pd.DataFrame, threshold: float) -> pd.Series:
    """The number of samples at which the risk of each number of directions falls to a threshold, by directions.

    Interpolated in logs; infinite where it never does.
    """
    curves = risks.sort_values("train_size").groupby("directions")
    return pd.Series({size: crossing_time(rows["train_size"], rows["risk"], threshold) for size, rows in curves})


def noise_cost(noisy: pd.DataFrame, noiseless: pd.DataFrame) -> pd.DataFrame:
    """Risk with label noise less that without, with directions as rows and samples as columns."""
    with_noise, without = (
        table.pivot(index="directions", columns="train_size", values="risk") for table in (noisy, noiseless)
    )
    return with_noise - without
