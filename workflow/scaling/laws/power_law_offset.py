"""The power law with a limit: a broken neural scaling law without breaks."""

from dataclasses import replace

from scaling.laws import Law, bnsl


def law(breaks: int | None = None) -> Law:
    """The power law that levels off; it has no breaks, whatever `breaks` says."""
    return replace(
        bnsl.law(0),
        name="power_law_offset",
        formula="y = a + b x^(−c0)",
        source="Hestness et al., arXiv 1712.00409; M2 of Alabdulmohsin et al., arXiv 2209.06640",
    )
