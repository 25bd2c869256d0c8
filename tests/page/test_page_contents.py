"""What the page shows: counts, findings, plots and run facts against naive counting."""

import math
from pathlib import Path
from typing import Any

import pytest

from scaling.ledger import verdicts
from scaling.page import pictures
from scaling.page.claim_panels import VERDICTS
from scaling.page.interval_plot import MARGIN, WIDTH, plot
from scaling.page.rendered import together
from scaling.page.run_facts import duration, run_facts
from scaling.randomness import generator


def test_published_claims_and_own_checks_are_counted_apart(made: Any) -> None:
    rows = made.ledger.to_dict("records")
    for study in made.contents.studies:
        for found, ours in ((study.published, False), (study.checks, True)):
            mine = [
                row["verdict"]
                for row in rows
                if made.config["claims"][row["id"]]["study"] == study.name and (row["paper"] == "ours") == ours
            ]
            assert found.counts == {verdict: mine.count(verdict) for verdict in VERDICTS}
            assert found.total == len(mine)
    shown = [claim.name for claim in made.contents.claims]
    assert sorted(shown) == sorted(row["id"] for row in rows)


def test_other_sizes_stand_beside(made: Any) -> None:
    assert made.contents.sizes == ("laptop", "smoke")
    for study in made.contents.studies:
        published, checks = study.other_sizes["smoke"]
        assert (published.total, checks.total) == (study.published.total, study.checks.total)
        assert published.counts["inconclusive"] == published.total  # smoke judges nothing
    assert all(claim.others[0].size == "smoke" for claim in made.contents.claims)


def test_a_study_opens_with_the_first_headline_that_is_measured(made: Any) -> None:
    measured = {row["id"] for row in made.ledger.to_dict("records") if not math.isnan(row["measured"])}
    for study in made.contents.studies:
        headline = [name for name in made.config["studies"][study.name]["headline"] if name in measured]
        if headline:
            assert study.finding.name == headline[0]
        elif study.published.total + study.checks.total:
            assert study.finding.study == study.name


@pytest.mark.parametrize("relation", ["=", "≤", "≥"])
def test_a_plot_shows_what_the_verdict_says(relation: str) -> None:
    random = generator("test_page", "plots", len(relation.encode()) + ord(relation))
    seen = set()
    for _ in range(300):
        published, width = float(random.normal()), float(random.gamma(1.0))
        claim = {"published": published, "published_error": None, "tolerance": width, "relation": relation}
        claim |= {"study": "x", "paper": "A", "reference": "published", "source": "x", "statement": "x", "unit": ""}
        value, half = published + 3 * width * float(random.normal()), width * float(random.gamma(1.0))
        row = verdicts.row("x", claim, verdicts.Measurement(value, value - half, value + half), "laptop")
        found = plot(row)
        assert found is not None
        assert found.allowed is not None
        assert found.interval is not None
        (least, most), (low, high) = found.allowed, found.interval
        assert all(0 <= position <= WIDTH for position in (least, most, low, high))
        rounding = 0.2  # positions have one decimal
        if row["verdict"] == "reproduced":
            assert least <= low + rounding
            assert high <= most + rounding
        elif row["verdict"] == "not reproduced":
            assert high < least + rounding or low > most - rounding
        seen.add(row["verdict"])
    assert seen >= {"reproduced", "not reproduced"}


def test_values_of_different_magnitude_stand_on_a_logarithmic_axis() -> None:
    row = {"published": 1e20, "tolerance": math.nan, "relation": "≥", "measured": 1e24, "low": 1e22, "high": 1e24}
    found = plot(row)
    assert found is not None
    assert found.logarithmic
    assert (found.reference, found.measured) == (MARGIN, WIDTH - MARGIN)
    assert found.interval == (WIDTH / 2, WIDTH - MARGIN)
    assert found.allowed == (MARGIN, WIDTH)


def test_what_is_not_measured_or_not_finite_is_not_drawn() -> None:
    nothing = dict.fromkeys(("published", "tolerance", "measured", "low", "high"), math.nan) | {"relation": "="}
    assert plot(nothing) is None
    only_published = plot({**nothing, "published": 1.0})
    assert only_published is not None
    assert only_published.interval is None
    open_interval = plot({**nothing, "measured": 1.0, "low": -math.inf, "high": 2.0})
    assert open_interval is not None
    assert open_interval.interval == (0.0, WIDTH - MARGIN)


def test_the_facts_of_a_run_are_those_of_its_sidecars(made: Any) -> None:
    run = made.contents.run
    studies = len(made.config["studies"])
    assert (run.jobs, run.restored, run.networks) == (1 + studies, 1, 5)
    assert run.time == duration(30 * (1 + studies))
    assert [(stage.name, stage.jobs) for stage in run.stages] == [("train networks", 1), ("measure claims", studies)]
    assert [stage.share for stage in run.stages] == [1 / studies, 1]
    assert (run.first_day, run.commits) == ("2026-01-02", ("0123456789ab",))


def test_a_run_without_sidecars_says_that_its_day_is_unknown() -> None:
    run = run_facts("laptop", [])
    assert (run.jobs, run.first_day, run.commits, run.stages) == (0, "unknown", (), ())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2.53, "2.5 s"), (59.94, "59.9 s"), (60, "1 min 00 s"), (3599, "59 min 59 s"), (3900, "1 h 05 min")],
)
def test_times_are_told_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_whose_a_value_is_and_what_must_be_known_stands_with_each_claim(made: Any) -> None:
    for claim in made.contents.claims:
        written = made.config["claims"][claim.name]
        assert claim.reference_word == written["reference"]
        looked = any(words in written["source"] for words in ("first look", "pilot", "trial", "from memory"))
        assert bool(claim.marks) >= looked


def test_brackets_are_kept_together() -> None:
    assert together("0.5 [0.4, 0.6] nats (tolerance 0.1)") == "0.5 [0.4,\xa00.6] nats (tolerance\xa00.1)"


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"GIF89a")
    with pytest.raises(ValueError, match=r"a\.png: found no PNG picture; delete it and run again"):
        pictures.pixels(path)
