"""Rival beliefs about a learning curve: the curve's own evidence weighs them (`scaling.fitting.evidence`).

No single prior is right for a power law, a curve that levels off and a valley. Each rival believes in one kind of curve
and says how far it may be trusted there. All speak about the same parameters of the same law, by their role, so that
any law whose parameters have roles can be fitted. Gaussians are in internal values, counted from the anchors of
`scaling.fitting.priors.center_and_sd`: a limit from log of the smallest y, a scale from log of the last y, a break from
the first x in units of the curve's length.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from scaling.fitting.priors import OPEN, Gaussian
from scaling.laws import Law, Parameter, Role

Beliefs = Mapping[Role, Gaussian]


@dataclass(frozen=True)
class Rival:
    """One belief about the kind of curve.

    words: the kind of curve, for people. source: where the numbers come from. weight: π, the belief in it before the
    curve is seen. caution: κ ≥ 1; noise is multiplied by it at the last point, because no law is exact. tail: γ, by how
    much more early points are discounted: their variance grows like exp(γ·distance in log x). walk: q, the standard
    deviation of the change of the log-log slope over one unit of log x beyond the points. beliefs: by role.
    """

    name: str
    words: str
    source: str
    weight: float
    caution: float
    tail: float
    walk: float
    beliefs: Beliefs

    def gaussian(self, parameter: Parameter, law: Law) -> Gaussian:
        """The belief about one parameter of a law.

        A change of slope is believed about the sum over all breaks. A law whose slope does not change has one slope,
        the sum of both: what is believed is the slope at the end of the curve.
        """
        found = self.beliefs.get(parameter.role) or OPEN[parameter.role]
        changes = sum(each.role == "change" for each in law.parameters)
        if parameter.role == "change":
            return replace(found, center=found.center / changes, sd=found.sd / changes**0.5)
        if parameter.role == "slope" and not changes:
            change = self.beliefs["change"]
            return Gaussian(found.center + change.center, math.hypot(found.sd, change.sd))
        return found


def _beliefs(
    limit: tuple[float, float],
    scale: float,
    slope: tuple[float, float],
    change: tuple[float, float],
    place: tuple[float, float],
    width: tuple[float, float],
) -> Beliefs:
    return {
        "limit": Gaussian(*limit),
        "scale": Gaussian(0.0, scale),
        "slope": Gaussian(*slope),
        "change": Gaussian(*change),
        "break": Gaussian(*place, sd_extra=0.3),
        "sharpness": Gaussian(*width),
    }


MADE = "chosen on made curves of 13 families and on training parts of half A of the benchmark of arXiv 2209.06640"

RIVALS = (
    Rival(
        "published",
        "a break like those of published curves",
        "means and spreads of fits to the training parts of half A of the benchmark of arXiv 2209.06640",
        weight=0.40,
        caution=2.5,
        tail=1.0,
        walk=0.03,
        beliefs=_beliefs((-0.36, 0.45), 3.0, (0.07, 0.12), (0.42, 0.34), (0.30, 0.12), (-1.10, 0.67)),
    ),
    Rival(
        "offset",
        "a power law with a limit",
        MADE,
        weight=0.20,
        caution=1.15,
        tail=0.1,
        walk=0.015,
        beliefs=_beliefs((-1.2, 1.5), 3.0, (0.35, 0.30), (0.0, 0.03), (0.5, 0.4), (-1.0, 1.0)),
    ),
    Rival(
        "power",
        "a power law",
        MADE,
        weight=0.16,
        caution=1.15,
        tail=0.1,
        walk=0.045,  # a straight line has its bend or its limit still before it
        beliefs=_beliefs((-6.0, 2.0), 3.0, (0.30, 0.30), (0.0, 0.03), (0.5, 0.4), (-1.0, 1.0)),
    ),
    Rival(
        "no limit",
        "a break without a limit",
        MADE,
        weight=0.11,
        caution=2.0,
        tail=0.75,
        walk=0.12,
        beliefs=_beliefs((-5.0, 2.0), 4.0, (0.2, 0.4), (0.2, 0.6), (0.5, 0.4), (-1.2, 1.0)),
    ),
    Rival(
        "broad",
        "a break with a limit",
        MADE,
        weight=0.08,
        caution=2.0,
        tail=0.75,
        walk=0.12,
        beliefs=_beliefs((-1.0, 1.5), 4.0, (0.2, 0.5), (0.1, 0.8), (0.5, 0.4), (-1.2, 1.0)),
    ),
    Rival(
        "any",
        "a bend of any kind",
        MADE,
        weight=0.05,
        caution=2.0,
        tail=0.75,
        walk=0.12,
        beliefs=_beliefs((-2.0, 2.0), 8.0, (0.0, 1.0), (0.0, 3.0), (0.6, 0.5), (-0.7, 1.0)),
    ),
    Rival(
        "drop",
        "an exponential fall",
        MADE,
        weight=0.002,
        caution=2.0,
        tail=0.75,
        walk=0.03,
        beliefs=_beliefs((-0.7, 1.0), 8.0, (0.0, 0.1), (4.0, 1.5), (1.0, 0.4), (-0.2, 0.4)),
    ),
)

# For a law whose parameters have no roles that a rival speaks about: as little belief as possible.
UNKNOWN = Rival(
    "unknown",
    "any curve of the law",
    "none: flat and wide",
    weight=1.0,
    caution=2.0,
    tail=0.75,
    walk=0.12,
    beliefs=_beliefs((-2.0, 3.0), 8.0, (0.0, 3.0), (0.0, 3.0), (0.6, 0.5), (-0.7, 1.5)),
)


def rivals_of(law: Law) -> tuple[Rival, ...]:
    """The rivals that a law can tell apart, by the roles of its parameters."""
    if {"slope", "change"} <= law.roles:
        return RIVALS
    if "slope" in law.roles:
        return tuple(rival for rival in RIVALS if rival.name in {"published", "offset", "power"})
    return (UNKNOWN,)


def words_of(name: str) -> str:
    """The kind of curve that the rival of a name believes in."""
    return {rival.name: rival.words for rival in (*RIVALS, UNKNOWN)}[name]
