"""Where the time of a run went, on a run made by hand."""

from argparse import Namespace
from pathlib import Path

import pytest

from scaling import provenance
from scaling.commands import profile
from scaling.page.time_profile import Job, longest_chain, measured_walls
from scaling.page.time_profile import profile as profile_of


def a_job(stage: str, wall: float, reads: tuple[str, ...], writes: str, entry: str = "one") -> Job:
    return Job(stage, entry, wall, wall / 2, 0.5, frozenset(reads), frozenset([writes]))


# Two chains end in the figure: images → training → figure, 1 + 10 + 2, and theory → figure, 9 + 2.
JOBS = [
    a_job("draw", 2, ("t", "s"), "f"),
    a_job("train", 10, ("i",), "t"),
    a_job("train", 4, ("i",), "u", "two"),
    a_job("solve", 9, (), "s"),
    a_job("prepare", 1, ("/outside",), "i"),
]


def test_the_longest_chain_is_found_whatever_the_order() -> None:
    for jobs in (JOBS, JOBS[::-1]):
        assert [jobs[place].writes for place in longest_chain(jobs)] == [{"i"}, {"t"}, {"f"}]
    assert longest_chain([]) == []


def test_times_add_up_by_stage_and_entry() -> None:
    table = profile_of(JOBS).set_index(["stage", "entry"])
    assert table.loc[("train", "one"), ["jobs", "wall", "cpu", "startup"]].tolist() == [1, 10, 5, 0.5]
    assert table["path"].sum() == pytest.approx(1)
    assert table.loc[("train", "one"), "path"] == pytest.approx(10 / 13)
    assert table.loc[("solve", "one"), "path"] == 0
    assert table["wall"].is_monotonic_decreasing


def test_the_command_reads_sidecars_and_benchmark_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = tmp_path / "results/smoke"
    for number, seconds in enumerate((3.0, 1.5)):
        record = {
            "rule": "simulate",
            "wildcards": {"entry": f"walk_{number}"},
            "inputs": {},
            "outputs": {f"walk_{number}.parquet": "0"},
            "seconds": seconds,
            "cpu_seconds": 7.25,
            "startup_cpu_seconds": 1.0,
        }
        provenance.write_sidecar(results / f"simulation/walk_{number}/results.provenance.json", record)
    benchmark = results / "benchmarks/simulate/walk_1.tsv"
    benchmark.parent.mkdir(parents=True)
    benchmark.write_text("s\th:m:s\n20.5\t0:00:20\n")
    assert measured_walls(results / "benchmarks") == {"simulate/walk_1": 20.5}
    assert profile.run(Namespace(results=results, entries=1)) == 0
    printed = capsys.readouterr().out
    assert "critical path: 20 s in 1 jobs" in printed
    for word in ("23.5", "14.5", "2.0", "20.5", "100%"):
        assert word in printed
    assert "walk_0" not in printed


@pytest.mark.parametrize(("entries", "message"), [(1, "found no result with a sidecar"), (-1, "--entries: found -1")])
def test_bad_input_gets_one_line(tmp_path: Path, entries: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        profile.run(Namespace(results=tmp_path, entries=entries))
