"""The broken neural scaling law with one break, fitted by the procedure of its published code."""

from dataclasses import replace

from scaling.laws import Law, bnsl


def law(breaks: int | None = None) -> Law:
    """The law with one break, whatever `breaks` says: the published grid of starts has one."""
    return replace(bnsl.law(1), name="bnsl_published", source="released code of Caballero et al., arXiv 2210.14891")
