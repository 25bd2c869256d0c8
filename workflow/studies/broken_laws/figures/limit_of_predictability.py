"""How many first points of a noiseless curve with one break fix the rest, for two ways to fit."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import held_out_errors

CAPTION = """How many first points of a curve without noise fix the rest, when its break lies ahead, at
{claims.C_addition_break.published:.0f}. (a) Error beyond the fitted points against their number, for the published
procedure and for a solver that works to the last digit; errors below {claims.noiseless_390_points.published} (dotted)
are exact for all purposes. (b) The fits to the points left of the dashed line. That the published procedure misses the
curve there is an optimiser's failure, not a limit of the law."""

FITS = {"published": "published procedure", "ours": "ours: many starts, then MINPACK"}
SHOWN = 390
SMALLEST = 1e-12


def draw(tables: dict[str, pd.DataFrame], published: Mapping[str, float]) -> tuple[Figure, pd.DataFrame]:
    """Left: error beyond the fitted points against their number. Right: the curve and both fits to 390 points."""
    figure, (left, right) = style.panels(2, height=3.0)
    points = tables["points"]
    errors = held_out_errors.errors(points, {name: tables[name] for name in FITS})
    numbers = []
    shown = min(errors.index, key=lambda name: abs(int(name) - SHOWN))
    whole = points[points["curve"] == shown]
    right.plot(whole["x"], whole["y"], color="0.75", linewidth=4, label="the curve, without noise")
    for (name, label), look in zip(FITS.items(), style.looks(len(FITS)), strict=True):
        counts = errors.index.astype(int)
        left.plot(counts, errors[name].clip(lower=SMALLEST), **look, label=label)
        numbers.append(pd.DataFrame({"panel": "a", "series": label, "x": counts, "y": errors[name].to_numpy()}))
        law = tables[name][tables[name]["curve"] == shown].rename(columns={"value": "y"})
        right.plot(law["x"], law["y"], color=look["color"], linestyle=look["linestyle"])
        numbers.append(law.assign(panel="b", series=label)[["panel", "series", "x", "y"]])
    left.axhline(published["noiseless_390_points"], color=style.REFERENCE, linestyle=":", linewidth=0.8)
    left.set(yscale="log", xlabel="number of points fitted", ylabel="root mean squared log error beyond")
    left.legend(loc="lower left")
    right.axvline(int(shown), color=style.REFERENCE, linestyle="--", linewidth=0.8, label=f"{int(shown)} points fitted")
    right.axvline(published["C_addition_break"], color=style.REFERENCE, linestyle=":", linewidth=0.8, label="break")
    right.set(xscale="log", yscale="log", xlabel="training examples", ylabel="loss (nats)")
    right.set_xlim(50, 4095)
    right.set_yticks([0.3, 0.5, 1, 2], ["0.3", "0.5", "1", "2"])
    right.minorticks_off()
    right.legend(loc="lower left")
    style.label_panels([left, right])
    return figure, pd.concat(numbers, ignore_index=True)
