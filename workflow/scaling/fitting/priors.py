"""One belief about a learning curve before it is seen, and how far its points are trusted.

A prior gives each parameter of a law a Gaussian in its internal value, counted from an anchor that the curve itself
provides, so that no unit enters: log a from the logarithm of the smallest y, log b from the logarithm of y at the last
x (b being the scale with x counted from there), log d from the first x in units of the curve's length in log x.

`published` is meant for extrapolation of curves like the published ones. Its centres and widths are means and spreads
of fits to the training parts of 43 of the 92 published curves (half A of the benchmark of Alabdulmohsin et al., arXiv
2209.06640); no point beyond those training parts was used. `weak` is meant for shapes that are not known in advance,
such as double descent. `default` stands for `published` in the mode `mode`, and in `posterior` for the rival beliefs of
`scaling.fitting.rivals`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from scaling.fitting.curves import Curve
from scaling.laws import FloatArray, Law, Parameter, Role


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
    roles: a Gaussian by the role of a parameter, for those that have none by name. tail: a point counts
    exp(tail·(log x − log of the last x)), because the end of a curve tells most about what follows. noise: standard
    deviation of log y at the last point. inflation: if given, a second pass replaces the noise by the residual scatter
    times this factor, within `noise_range`: neighbouring residuals are correlated, so the scatter alone would claim too
    much. starts: how many descents to begin, per break.
    """

    parameters: Mapping[str, Gaussian] = field(default_factory=dict)
    tail: float = 0.0
    noise: float = 0.02
    inflation: float | None = None
    noise_range: tuple[float, float] = (0.003, 0.06)
    starts: int = 8
    roles: Mapping[Role, Gaussian] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.noise > 0 and 0 < self.noise_range[0] <= self.noise_range[1] and self.starts >= 1):
            raise ValueError(f"prior: found {self}; allowed: positive noise, a rising noise_range, starts ≥ 1")

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Prior":
        """Read a prior from plain data: the fields by name, each Gaussian a mapping of its own fields."""
        fields = dict(mapping)
        try:
            beliefs: dict[str, Any] = {
                kind: {name: Gaussian(**gaussian) for name, gaussian in fields.pop(kind).items()}
                for kind in ("parameters", "roles")
                if kind in fields
            }
            return cls(**{**fields, **beliefs})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"prior: found {dict(mapping)!r}, which cannot be read ({error})") from None

    def gaussian(self, parameter: Parameter, law: Law) -> Gaussian:
        """The belief about one parameter of a law; raises ValueError when there is none.

        The slope of a law without breaks is the sum of c0 and all changes, if the belief about these is shared: the
        slope at the end of the curve is believed to be the same for any number of breaks.
        """
        letter = parameter.name.rstrip("0123456789")
        key = next((key for key in (parameter.name, letter) if key in self.parameters), None)
        found = self.parameters[key] if key else self.roles.get(parameter.role)
        if found is None:
            known = ", ".join([*self.parameters, *self.roles])
            raise ValueError(f"prior: found none for parameter {parameter.name}; it has {known}")
        change = self.parameters.get("c", self.roles.get("change"))
        if (key == "c0" or (key is None and parameter.role == "slope")) and not law.breaks and change and change.shared:
            return Gaussian(found.center + change.center, float(np.hypot(found.sd, change.sd)))
        if found.shared:
            return replace(found, center=found.center / law.breaks, sd=found.sd / law.breaks**0.5)
        return found


# Roles whose beliefs are about logarithms.
LOGARITHMIC = {"limit", "scale", "break", "sharpness", "ceiling"}

# What both beliefs below say of roles that the laws with breaks do not have: next to nothing.
OPEN: dict[Role, Gaussian] = {"ceiling": Gaussian(0.3, 1.0), "shape": Gaussian(0.0, 10.0)}

PUBLISHED = Prior(
    roles={
        "limit": Gaussian(-0.36, 0.45),
        "scale": Gaussian(0.0, 3.0),
        "slope": Gaussian(0.07, 0.12),
        "change": Gaussian(0.42, 0.34, shared=True),
        "break": Gaussian(0.30, 0.12, sd_extra=0.3),
        "sharpness": Gaussian(-1.10, 0.67),
        **OPEN,
    },
    tail=1.5,
    noise=0.02,
    inflation=5.0,
    starts=4,
)
WEAK = Prior(
    roles={
        "limit": Gaussian(-1.0, 1.5),
        "scale": Gaussian(0.0, 3.0),
        "slope": Gaussian(0.2, 0.6),
        "change": Gaussian(0.1, 0.8),
        "break": Gaussian(0.5, 0.5),
        "sharpness": Gaussian(float(np.log(0.3)), 1.0),
        **OPEN,
    },
    tail=1.0,
    noise=0.02,
)
PRIORS: dict[str, Prior] = {"default": PUBLISHED, "published": PUBLISHED, "weak": WEAK}


def resolve(prior: "str | Prior | Mapping[str, Any]") -> Prior:
    """The prior meant by a name, by plain data, or by itself; raises ValueError for a name that is not known."""
    if isinstance(prior, Prior):
        return prior
    if isinstance(prior, Mapping):
        return Prior.from_mapping(prior)
    if prior not in PRIORS:
        raise ValueError(f"prior: found {prior!r}; allowed: {', '.join(PRIORS)}, or a mapping")
    return PRIORS[prior]


class Belief(Protocol):
    """What gives each parameter of a law a Gaussian: a Prior, or a rival."""

    def gaussian(self, parameter: Parameter, law: Law) -> Gaussian:
        """The belief about one parameter of a law."""


def center_and_sd(belief: Belief, law: Law, curve: Curve) -> tuple[FloatArray, FloatArray]:
    """Centres and standard deviations (p,) of the internal parameters of a law, x counted from the curve's last."""
    center, sd = np.empty((2, len(law.parameters)))
    anchors = {
        "limit": curve.log_y.min(),
        "scale": curve.log_y[-1],
        "break": curve.u[0],
        "ceiling": curve.log_y.max(),
    }
    for i, parameter in enumerate(law.parameters):
        gaussian = belief.gaussian(parameter, law)
        unit = curve.span if parameter.role == "break" else 1.0
        center[i] = anchors.get(parameter.role, 0.0) + gaussian.center * unit
        sd[i] = gaussian.sd * unit + gaussian.sd_extra
        if parameter.logarithmic != (parameter.role in LOGARITHMIC) and parameter.role != "shape":
            center[i], sd[i] = _converted(center[i], sd[i], parameter.logarithmic)
    return center, sd


def _converted(center: float, sd: float, logarithmic: bool) -> tuple[float, float]:
    """A belief about the other scale than the usual one for its role: about as wide around the same centre."""
    if logarithmic:
        return float(np.log(max(center, 0.1))), 1.0
    return float(np.exp(center)), float(np.exp(center) * np.expm1(min(sd, 3.0)))
