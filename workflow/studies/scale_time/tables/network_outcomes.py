"""What became of each network: its loss at the end of training, at its best moment, and when it learnt its labels."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import loss_peak

OPTIONS = {"baseline": "positive", "learnt": "fraction"}
COLUMNS = {
    "width": "shared",
    "parameters": "shared",
    "label_noise": "shared",
    "train_size": "shared",
    "seed": "shared",
    "final_loss": ("squared difference", "test loss at the end of training"),
    "final_error": ("fraction", "misclassified share of the test set at the end of training"),
    "train_loss": "shared",
    "train_error": "shared",
    "stopped_loss": ("squared difference", "test loss at the step of least validation loss"),
    "stopped_step": ("steps", "that step"),
    "best_step": ("steps", "step of least test loss"),
    "clean_time": (
        "steps",
        "step at which training examples with their true label are learnt",
        "never",
    ),
    "flipped_time": ("steps", "step at which those with a flipped label are learnt", "never"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each network of the one table of learning curves; labels are learnt at the loss learnt × baseline."""
    (curves,) = tables.values()
    return loss_peak.outcomes(curves, options["learnt"] * options["baseline"])
