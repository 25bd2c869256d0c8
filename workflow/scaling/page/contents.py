"""The contents of the page: findings, claims and figures of each study, and the facts of the run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd

from scaling import registry
from scaling.ledger import making
from scaling.page.claim_panels import VERDICTS, ClaimPanel, Link, anchor, panel, repository_link
from scaling.page.run_facts import RunFacts, run_facts


@dataclass(frozen=True)
class Tally:
    """How many claims have which verdict."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of claims."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Figure:
    """A figure: its title and caption, its size in pixels, the way to its files and code, the claims it shows."""

    name: str
    caption: str
    width: int
    height: int
    png: str
    pdf: str
    numbers: str
    code: Link
    claims: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name in words."""
        return self.name.replace("_", " ").capitalize()

    @property
    def anchor(self) -> str:
        """The name of the figure's place on the page."""
        return anchor("figure", self.name)


@dataclass(frozen=True)
class Study:
    """A study: its claims counted, published ones and our own checks apart, its headline and its figures.

    `other_sizes` holds the same two counts for each other size.
    """

    name: str
    paper: str
    title: str
    published: Tally
    checks: Tally
    other_sizes: Mapping[str, tuple[Tally, Tally]]
    finding: ClaimPanel | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Contents:
    """All that the page shows."""

    size: str
    origin: str
    sizes: tuple[str, ...]
    studies: tuple[Study, ...]
    published: tuple[ClaimPanel, ...]
    checks: tuple[ClaimPanel, ...]
    run: RunFacts

    @property
    def claims(self) -> tuple[ClaimPanel, ...]:
        """Published claims, then our own checks."""
        return self.published + self.checks


def contents(
    config: dict[str, Any],
    ledger: pd.DataFrame,
    records: Sequence[Mapping[str, Any]],
    captions: Mapping[str, str],
    pixels: Mapping[str, tuple[int, int]],
    other_ledgers: Mapping[str, pd.DataFrame],
    images: Mapping[str, Sequence[str]],
    origin: str = "",
) -> Contents:
    """The contents for a resolved configuration and what its run made.

    `records` are the sidecars of its jobs, `captions` and `pixels` (width, height) belong to its figures,
    `other_ledgers` to other sizes, `images` says which images a claim rests on, and `origin` where tables come from
    that were not made here.
    """
    measured_by = {record["wildcards"]["study"]: record for record in records if "study" in record.get("wildcards", {})}
    panels = [
        panel(row, config, measured_by.get(config["claims"][row["id"]]["study"], {}), other_ledgers, images[row["id"]])
        for _, row in ledger.iterrows()
    ]
    figures = [_figure(name, captions[name], pixels[name], panels) for name in config["figures"]]
    studies = (_study(name, config, panels, figures, other_ledgers) for name in config["studies"])
    return Contents(
        size=config["size"],
        origin=origin,
        sizes=(config["size"], *other_ledgers),
        studies=tuple(studies),
        published=tuple(claim for claim in panels if not claim.ours),
        checks=tuple(claim for claim in panels if claim.ours),
        run=run_facts(config["size"], records),
    )


def tally(verdicts: Iterable[str]) -> Tally:
    """The counts of some verdicts, in the order in which they are shown."""
    found = Counter(verdicts)
    return Tally({verdict: found[verdict] for verdict in VERDICTS})


def _study(
    name: str,
    config: Mapping[str, Any],
    panels: Iterable[ClaimPanel],
    figures: Iterable[Figure],
    other_ledgers: Mapping[str, pd.DataFrame],
) -> Study:
    about = config["studies"][name]
    claims = [claim for claim in panels if claim.study == name]
    others = {
        size: tuple(tally(_verdicts(ledger, [claim.name for claim in claims if claim.ours == ours])) for ours in (0, 1))
        for size, ledger in other_ledgers.items()
    }
    return Study(
        name=name,
        paper=about["paper"],
        title=about["title"],
        published=tally(claim.verdict for claim in claims if not claim.ours),
        checks=tally(claim.verdict for claim in claims if claim.ours),
        other_sizes={size: (published, checks) for size, (published, checks) in others.items()},
        finding=_finding(about["headline"], claims),
        figures=tuple(figure for figure in figures if registry.study_of("figures", figure.name) == name),
    )


def _finding(headline: Sequence[str], claims: Sequence[ClaimPanel]) -> ClaimPanel | None:
    """The first headline that is measured, or else the first claim that is, published ones first."""
    by_name = {claim.name: claim for claim in claims}
    ordered = [by_name[name] for name in headline if name in by_name] + sorted(claims, key=lambda claim: claim.ours)
    return next((claim for claim in ordered if claim.is_measured), ordered[0] if ordered else None)


def _verdicts(ledger: pd.DataFrame, names: Sequence[str]) -> list[str]:
    return [str(verdict) for verdict in ledger.loc[ledger["id"].isin(names), "verdict"]]


def _figure(name: str, caption: str, pixels: tuple[int, int], panels: Iterable[ClaimPanel]) -> Figure:
    place = f"figures/{quote(name)}/{quote(name)}"
    return Figure(
        name=name,
        caption=caption,
        width=pixels[0],
        height=pixels[1],
        png=f"{place}.png",
        pdf=f"{place}.pdf",
        numbers=f"{place}.csv",
        code=repository_link(making.figure_in(name)),
        claims=tuple(claim.name for claim in panels if name in claim.figures),
    )
