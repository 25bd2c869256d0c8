"""An edit reruns exactly what it can change: what jobs carry is compared in this process, three real dry runs agree."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scaling import fingerprint, provenance, registry, rooms
from scaling.commands._jobs import planned

MANUSCRIPT = {"typeset_paper"}  # it prints a digest of the configuration
LEDGER = {"write_ledger", "collect_numbers", "write_page", *MANUSCRIPT}
FIGURE = {"draw_figure", "write_page", *MANUSCRIPT}
FITS = {"fit_law", "measure_claims", *LEDGER, *FIGURE}
CURVES = {"gather_learning_curves", "collect_points", *FITS}
TABLES = {"analyse", "measure_claims", *LEDGER, *FIGURE}
IMAGES = {"prepare_images", "train_networks", *CURVES}
END = ""
MORE_CODE = "\nUNUSED = 1\n"
STUDY = "tests/studies/tiny"
EXPERIMENTS, CLAIMS = f"{STUDY}/experiments.yaml", f"{STUDY}/claims.yaml"

# what is edited: (file, a text in it, what replaces the text, rules that then run again)
EDITS = {
    "a comment in an imported module": ("workflow/scaling/laws/power_law.py", "import numpy", "# a remark\nimport numpy", set()),
    "a docstring in an imported module": ("workflow/scaling/randomness.py", '"""Every', '"""Each and every', set()),
    "code of a law": ("workflow/scaling/laws/power_law.py", END, MORE_CODE, FITS),
    "code of a norm": ("workflow/scaling/norms/frobenius.py", END, MORE_CODE, {"train_networks", *CURVES}),
    "code of an architecture": ("workflow/scaling/models/mlp.py", END, MORE_CODE, {"train_networks", *CURVES}),
    "code of a data source": ("workflow/scaling/datasets/digits.py", END, MORE_CODE, IMAGES),
    "code of a source not in use": ("workflow/scaling/datasets/mnist.py", END, MORE_CODE, set()),
    "code of a theory": (f"{STUDY}/tables/walk_expected.py", END, MORE_CODE, {"solve_theory", *TABLES}),
    "code of a simulation": (f"{STUDY}/tables/walk_distances.py", END, MORE_CODE, {"simulate", *TABLES}),
    "code of an analysis": (f"{STUDY}/tables/walk_ratio.py", END, MORE_CODE, {"analyse", "measure_claims", *LEDGER}),
    "code of a figure": (f"{STUDY}/figures/tiny_overview.py", END, MORE_CODE, FIGURE),
    "code of a measure": (f"{STUDY}/measures/tiny_measures.py", END, MORE_CODE, {"measure_claims", *LEDGER}),
    "code of a script": ("workflow/scripts/tabulate.py", END, MORE_CODE, {"solve_theory", "simulate", *TABLES}),
    "the style of figures": ("workflow/scaling/style/__init__.py", '"font.size": 9', '"font.size": 8', FIGURE),
    "code of the configuration": ("workflow/scaling/config/errors.py", END, MORE_CODE, set()),
    "code of the provenance": ("workflow/scaling/provenance.py", END, MORE_CODE, set()),
    "code that stores": ("workflow/scaling/records.py", END, MORE_CODE, set()),
    "code that finds": ("workflow/scaling/registry.py", END, MORE_CODE, set()),
    "words of an error": ("workflow/scaling/training/trainer.py", "with dropout; allowed", "and dropout; allowed", set()),
    "words of a setting": ("workflow/scaling/training/protocol.py", "training loss; mse", "loss; mse", set()),
    "epochs of an experiment": (EXPERIMENTS, "epochs: {smoke: 40,", "epochs: {smoke: 39,", {"train_networks", *CURVES}),
    "epochs of another size": (EXPERIMENTS, "epochs: {smoke: 40, laptop: 80", "epochs: {smoke: 40, laptop: 79", set()),
    "resamples of a fit": (EXPERIMENTS, "bootstrap: 20", "bootstrap: 19", FITS),
    "a tolerance": (CLAIMS, "tolerance: 0.2", "tolerance: 0.3", {"measure_claims", *LEDGER}),
    "an option of a measure": (CLAIMS, "parameter: c0", "parameter: b", {"measure_claims", *LEDGER}),
    "the place of the user's data": ("config.yaml", 'folder: ""', 'folder: "elsewhere"', set()),
    "the style of the page": ("workflow/scaling/page/templates/page.css", "--page: #fbfbf9", "--page: #ffffff", {"write_page"}),
    "code of the page": ("workflow/scaling/page/rendered.py", END, MORE_CODE, {"write_page"}),
    "the text of the manuscript": (f"{STUDY}/section.typ", "Walks stray", "Random walks stray", MANUSCRIPT),
}  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """What decides whether a job runs again: its params, the files that it reads, and the content of those nobody makes."""

    rule: str
    params: list[str]
    inputs: dict[str, str]
    reads: list[str]  # the jobs whose outputs it reads


def carried(folder: Path, studies: list[str]) -> dict[str, Carried]:
    """What each job of a repository carries, by its first output."""
    for module in (fingerprint, registry):
        for function in vars(module).values():
            if hasattr(function, "cache_clear"):
                function.cache_clear()
    with planned(folder, {"size": "smoke", "studies": studies}) as workflow:
        jobs = [job for job in workflow.dag.jobs if job.output]
        made = {path for job in jobs for path in job.output}
        return {
            job.output[0]: Carried(
                job.rule.name,
                sorted(map(repr, job.non_derived_params)),
                {path: "" if path in made else provenance.digest(path) for path in job.input},
                [other.output[0] for other in workflow.dag.dependencies[job]],
            )
            for job in jobs
        }


def reruns(before: dict[str, Carried], after: dict[str, Carried]) -> dict[str, int]:
    """How many jobs of each rule run again: those that carry something else, and all that follow from them."""
    again = {output for output, job in after.items() if before.get(output) != job}
    while more := {output for output, job in after.items() if again.intersection(job.reads)} - again:
        again |= more
    return Counter(after[output].rule for output in again)


@dataclass(frozen=True)
class Planner:
    """A copy of the repository in which nothing was run, and what its jobs carry as it is."""

    copy: Any
    before: dict[str, Carried]

    def reruns(self) -> dict[str, int]:
        """How many jobs of each rule would run again after what was edited since."""
        return reruns(self.before, carried(self.copy.folder, [STUDY]))


@pytest.fixture(scope="module")
def planner(new_copy: Callable[[], Any]) -> Iterator[Planner]:
    """The planner of the tiny study. What the Snakefile sets in this process is set back."""
    copy, environment, path = new_copy(), dict(os.environ), sys.path[:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "WORKFLOW", copy.folder / "workflow")
        patch.setattr(rooms, "REPOSITORY", copy.folder)
        patch.setenv("SCALING_DATA", "")
        yield Planner(copy, carried(copy.folder, [STUDY]))
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = path


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reruns_exactly_its_readers(planner: Planner, edit: str) -> None:
    file, old, new, rules = EDITS[edit]
    with planner.copy.edited(file, old, new):
        assert set(planner.reruns()) == rules


def test_only_what_uses_a_table_plug_in_is_made_again(planner: Planner) -> None:
    with planner.copy.edited(f"{STUDY}/tables/walk_expected.py", END, MORE_CODE):
        again = planner.reruns()
    assert again["solve_theory"] == 1
    assert "simulate" not in again


def test_more_seeds_leave_full_groups_alone(planner: Planner) -> None:
    with planner.copy.edited(EXPERIMENTS, "groups_per_job: 3", "groups_per_job: 1"):
        before = planner.reruns()["train_networks"]
        with planner.copy.edited(EXPERIMENTS, "seeds: {smoke: 2,", "seeds: {smoke: 4,"):
            assert planner.reruns()["train_networks"] == before + 3  # a new group for each train size


def test_an_added_law_reruns_nothing_until_an_entry_names_it(planner: Planner) -> None:
    laws = planner.copy.folder / "workflow/scaling/laws"
    added = laws / "another_power_law.py"
    added.write_text((laws / "power_law.py").read_text(encoding="utf-8"), encoding="utf-8")
    entry = "  another:\n    curves: tiny_error\n    law: {name: another_power_law}\n    mode: least_squares\n"
    entry += "    objective: log\n    bootstrap: 0\n    level: 0.9\n    extrapolate: 2\n"
    try:
        assert planner.reruns() == {}
        with planner.copy.edited(EXPERIMENTS, "laws:\n", "laws:\n" + entry):
            again = planner.reruns()
    finally:
        added.unlink()
    assert again == {"fit_law": 1, "collect_numbers": 1, "typeset_paper": 1}


def test_another_version_of_a_package_reruns_what_imports_it(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    version = fingerprint.metadata.version
    monkeypatch.setattr(
        fingerprint.metadata, "version", lambda name: "0.0.1" if name == "scikit-learn" else version(name)
    )
    assert set(planner.reruns()) == IMAGES


def test_dates_decide_nothing(elsewhere: Any) -> None:
    """A copy without dates, each of its files touched in turn, its scripts last: nothing reruns."""
    paths = sorted(elsewhere.folder.rglob("*"), key=lambda path: ("scripts" in path.parts, path.name))
    for path in paths:
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path)
    assert elsewhere.planned() == {}


def test_an_edited_script_runs_again_whatever_its_date(elsewhere: Any) -> None:
    with elsewhere.edited("workflow/scripts/tabulate.py", END, MORE_CODE):
        os.utime(elsewhere.folder / "workflow/scripts/tabulate.py", (0, 0))
        assert set(elsewhere.planned()) == {"solve_theory", "simulate", *TABLES}


def test_what_an_interrupted_run_left_stale_is_found_without_dates(elsewhere: Any) -> None:
    """A table was made anew, what follows from it was not, and then all dates were lost."""
    table = "results/smoke/simulation/tiny_walks/results.parquet"
    with elsewhere.edited(EXPERIMENTS, "walks: {smoke: 400,", "walks: {smoke: 300,"):
        assert elsewhere.snakemake("--cores", "1", table).returncode == 0
        for path in elsewhere.folder.rglob("*"):
            os.utime(path, (1, 1))
        assert set(elsewhere.planned()) == TABLES
