"""The spread of exponents over all choices of an analysis, as boxes."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scaling import style
from studies.implicit_bias.figures._networks import named

QUANTITIES = {"gamma_predicted": "γ₁γ₂", "gamma_measured": "γ$_{meas}$"}
SHARES = {"low": 0.025, "y": 0.5, "high": 0.975}


def draw_choices(axis: Axes, table: pd.DataFrame) -> pd.DataFrame:
    """For each experiment the two exponents: half of the choices in the box, 95 % within the whiskers."""
    choices = table.rename(columns=QUANTITIES).melt("experiment", list(QUANTITIES.values()), "quantity", "exponent")
    whiskers = 100 * SHARES["low"], 100 * SHARES["high"]
    looks = {"palette": style.COLORS[:2], "width": 0.5, "gap": 0.15, "linewidth": 0.8, "linecolor": "black"}
    shown = {"x": "experiment", "y": "exponent", "hue": "quantity", "whis": whiskers, "showfliers": False}
    sns.boxplot(choices, ax=axis, **shown, **looks)
    axis.set_xticks(axis.get_xticks(), [named(label.get_text()) for label in axis.get_xticklabels()])
    axis.grid(visible=False, axis="x")
    axis.set(xlabel="")
    axis.legend().remove()  # the figure has one
    numbers = choices.groupby(["experiment", "quantity"], sort=False)["exponent"].quantile(list(SHARES.values()))
    numbers = numbers.unstack().set_axis(list(SHARES), axis="columns").dropna().reset_index()
    return numbers.assign(series=numbers["experiment"] + ", " + numbers["quantity"])[["series", "y", "low", "high"]]
