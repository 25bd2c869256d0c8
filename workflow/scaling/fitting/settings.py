"""What can be asked of a fit, checked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from scaling import registry
from scaling.fitting.objectives import OBJECTIVES
from scaling.fitting.optimum import ESTIMATORS
from scaling.fitting.priors import Prior, resolve
from scaling.laws import Law

MODES = ("least_squares", "mode", "posterior")
STEPS, STEPS_OF_RIVALS = 2500, 1000
MOST_BREAKS = 3


@dataclass(frozen=True)
class Settings:
    """The settings of `scaling.fitting.fit`, checked; polished: whether exact fits are sought to their last digits."""

    law: str | Law = "bnsl"
    breaks: int | None = 1
    mode: str = "posterior"
    prior: str | Prior | Mapping[str, Any] = "default"
    objective: str = "log"
    seed: int = 0
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    starts: int | None = None
    steps: int | None = None
    ceiling: float | None = None
    polished: bool = True

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode: found {self.mode!r}; allowed: {', '.join(MODES)}")
        if not isinstance(self.law, str | Law):
            raise ValueError(f"law: found {self.law!r}; allowed: the name of a law, or a Law")
        if self.objective not in OBJECTIVES:
            raise ValueError(f"objective: found {self.objective!r}; allowed: {', '.join(OBJECTIVES)}")
        resolve(self.prior)
        for name, value in (("starts", self.starts), ("steps", self.steps)):
            if value is not None and value < 1:
                raise ValueError(f"{name}: found {value!r}; allowed: an integer ≥ 1")
        if self.ceiling is not None and not np.isfinite(self.ceiling):
            raise ValueError(f"ceiling: found {self.ceiling!r}; allowed: a finite number")

    @property
    def laws(self) -> list[Law]:
        """The law with the number of breaks asked for, or with every number it can have."""
        if isinstance(self.law, Law):
            return [self.law]
        module = registry.load("laws", self.law)
        most = module.law(MOST_BREAKS).breaks if self.breaks is None else 0
        return [module.law(breaks) for breaks in range(most + 1)] if most else [module.law(self.breaks)]

    @property
    def rivals(self) -> bool:
        """Whether rival beliefs are asked, and not one prior."""
        return self.mode == "posterior" and self.prior == "default"

    @property
    def estimator(self) -> bool:
        """Whether the law is fitted by its own published estimator."""
        return self.mode == "least_squares" and self.law in ESTIMATORS

    @property
    def length(self) -> int:
        """Steps of the Markov chains."""
        return self.steps or (STEPS_OF_RIVALS if self.rivals else STEPS)

    def record(self) -> dict[str, Any]:
        """The settings as plain data, the law by its name."""
        named = replace(self, law=self.law if isinstance(self.law, str) else "bnsl")
        name = self.law if isinstance(self.law, str) else self.law.name
        asked = asdict(named) | {"law": name, "steps": self.length}
        return {key: value for key, value in asked.items() if key != "polished"}
