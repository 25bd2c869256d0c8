"""M2, a power law with a limit, fitted as in the benchmark of learning curves: the logarithm of y less the limit."""

from dataclasses import replace

from scaling.laws import Law, power_law_offset


def law(breaks: int | None = None) -> Law:
    """The power law with a limit under its name in the benchmark; it has no breaks, whatever `breaks` says."""
    return replace(power_law_offset.law(), name="m2", source="M2 of Alabdulmohsin et al., arXiv 2209.06640")
