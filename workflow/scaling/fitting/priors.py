"""What is believed about a learning curve before it is seen, and how far its points are trusted.

A prior gives each parameter of a law a Gaussian in its internal value, counted from an anchor that the curve itself
provides, so that no unit enters: log a from the logarithm of the smallest y, log b from the logarithm of y at the last
x (b being the scale with x counted from there), log d from the first x in units of the curve's length in log x.

`default` is meant for extrapolation. Its centres and widths are means and spreads of fits to the training parts of 43
of the 92 published curves (half A of the benchmark of Alabdulmohsin et al., arXiv 2209.06640); no point beyond those
training parts was used. `weak` is meant for shapes that are not known in advance, such as double descent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scaling.fitting.curves import Curve
from scaling.laws import FloatArray, Law


@dataclass(frozen=True)
class Gaussian:
    """A normal distribution of one internal parameter.

    For the place of a break, the centre and sd are in units of the curve's length in log x, and `sd_extra` is added to
    the sd. A `shared` belief is about the sum over all breaks: each of n gets 1/n of the centre and 1/√n of the sd.
    """

    center: float
    sd: float
    sd_extra: float = 0.0
    shared: bool = False

    def __post_init__(self) -> None:
        if not (np.isfinite(self.center) and self.sd >= 0 and self.sd_extra >= 0 and self.sd + self.sd_extra > 0):
            raise ValueError(f"prior: found {self}; allowed: a finite center and a positive sd")


@dataclass(frozen=True)
class Prior:
    """The beliefs behind one fit.

    parameters: a Gaussian by the name of a parameter, or by its letter for all breaks at once ("c" for c1, c2, …).
    tail: a point counts exp(tail·(log x − log of the last x)), because the end of a curve tells most about what
    follows. noise: standard deviation of log y at the last point. inflation: if given, a second pass replaces the noise
    by the residual scatter times this factor, within `noise_range`: neighbouring residuals are correlated, so the
    scatter alone would claim too much. starts: how many descents to begin, per break.
    """

    parameters: Mapping[str, Gaussian]
    tail: float = 0.0
    noise: float = 0.02
    inflation: float | None = None
    noise_range: tuple[float, float] = (0.003, 0.06)
    starts: int = 8

    def __post_init__(self) -> None:
        if not (self.noise > 0 and 0 < self.noise_range[0] <= self.noise_range[1] and self.starts >= 1):
            raise ValueError(f"prior: found {self}; allowed: positive noise, a rising noise_range, starts ≥ 1")

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Prior":
        """Read a prior from plain data: the fields by name, each Gaussian a mapping of its own fields."""
        fields = dict(mapping)
        try:
            gaussians = {name: Gaussian(**gaussian) for name, gaussian in fields.pop("parameters").items()}
            return cls(parameters=gaussians, **fields)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"prior: found {dict(mapping)!r}, which cannot be read ({error})") from None

    def gaussian(self, name: str, breaks: int) -> Gaussian:
        """The belief about one parameter of a law with so many breaks; raises ValueError when there is none.

        The slope of a law without breaks is the sum of c0 and all changes, if the belief about these is shared: the
        slope at the end of the curve is believed to be the same for any number of breaks.
        """
        key = next((key for key in (name, name.rstrip("0123456789")) if key in self.parameters), None)
        if key is None:
            raise ValueError(f"prior: found none for parameter {name}; it has {', '.join(self.parameters)}")
        found, change = self.parameters[key], self.parameters.get("c")
        if key == "c0" and breaks == 0 and change is not None and change.shared:
            return Gaussian(found.center + change.center, float(np.hypot(found.sd, change.sd)))
        if found.shared:
            return replace(found, center=found.center / breaks, sd=found.sd / breaks**0.5)
        return found


PRIORS: dict[str, Prior] = {
    "default": Prior(
        parameters={
            "a": Gaussian(-0.36, 0.45),
            "b": Gaussian(0.0, 3.0),
            "c0": Gaussian(0.07, 0.12),
            "c": Gaussian(0.42, 0.34, shared=True),
            "d": Gaussian(0.30, 0.12, sd_extra=0.3),
            "f": Gaussian(-1.10, 0.67),
        },
        tail=1.5,
        noise=0.02,
        inflation=5.0,
        starts=4,
    ),
    "weak": Prior(
        parameters={
            "a": Gaussian(-1.0, 1.5),
            "b": Gaussian(0.0, 3.0),
            "c0": Gaussian(0.2, 0.6),
            "c": Gaussian(0.1, 0.8),
            "d": Gaussian(0.5, 0.5),
            "f": Gaussian(float(np.log(0.3)), 1.0),
        },
        tail=1.0,
        noise=0.02,
    ),
}


def resolve(prior: "str | Prior | Mapping[str, Any]") -> Prior:
    """The prior meant by a name, by plain data, or by itself; raises ValueError for a name that is not known."""
    if isinstance(prior, Prior):
        return prior
    if isinstance(prior, Mapping):
        return Prior.from_mapping(prior)
    if prior not in PRIORS:
        raise ValueError(f"prior: found {prior!r}; allowed: {', '.join(PRIORS)}, or a mapping")
    return PRIORS[prior]


def center_and_sd(prior: Prior, law: Law, curve: Curve) -> tuple[FloatArray, FloatArray]:
    """Centres and standard deviations (p,) of the internal parameters of a law, x counted from the curve's last."""
    center, sd = np.empty((2, len(law.parameters)))
    for i, parameter in enumerate(law.parameters):
        gaussian = prior.gaussian(parameter.name, law.breaks)
        unit = curve.span if parameter.role == "break" else 1.0
        anchor = {"limit": curve.log_y.min(), "scale": curve.log_y[-1], "break": curve.u[0]}.get(parameter.role, 0.0)
        center[i] = anchor + gaussian.center * unit
        sd[i] = gaussian.sd * unit + gaussian.sd_extra
    return center, sd
