"""M1, a power law, fitted as in the benchmark of learning curves: by ordinary least squares in log-log axes."""

from dataclasses import replace

from scaling.laws import Law, power_law


def law(breaks: int | None = None) -> Law:
    """The power law under its name in the benchmark; it has no breaks, whatever `breaks` says."""
    return replace(power_law.law(), name="m1", source="M1 of Alabdulmohsin et al., arXiv 2209.06640")
