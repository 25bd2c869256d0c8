"""The workflow on a real SLURM: the whole of it, failures, demands that cannot be met, kills, Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROFILE = "--workflow-profile", "workflow/profiles/slurm"
QUICK = "--slurm-init-seconds-before-status-checks", "2", "--latency-wait", "5"  # the profile waits longer
TARGET = "tiny_overview"
CURVES = "results/smoke/curves/tiny_mlp/learning_curves.parquet"
PATIENCE = 400  # seconds
PATIENCE_FOR_ALL = 2400


def started(copy: Any, *arguments: str) -> subprocess.Popen[str]:
    """Snakemake on the cluster, in a process group of its own."""
    command = [sys.executable, "-m", "snakemake", *PROFILE, *QUICK, *arguments, *copy.config()]
    return subprocess.Popen(
        command,
        cwd=copy.folder,
        env=copy.environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore Ctrl-C
    )


def ended(process: subprocess.Popen[str], patience: float = PATIENCE) -> tuple[int, str]:
    """Exit status and output."""
    try:
        output, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        pytest.fail(f"no end within {patience} s:\n{output}")
    return process.returncode, output


def test_the_tiny_study_runs_on_the_cluster_to_the_same_bytes(cluster: Any, copy: Any, finished: Any) -> None:
    runs_to_the_same_bytes(cluster, copy, finished, submitted=5)


@pytest.mark.nightly
def test_the_papers_run_on_the_cluster_to_the_same_bytes(cluster: Any, papers: Any, finished_papers: Any) -> None:
    runs_to_the_same_bytes(cluster, papers, finished_papers, submitted=80)


def runs_to_the_same_bytes(cluster: Any, copy: Any, finished: Any, submitted: int) -> None:
    """Run all on the cluster, at least so many jobs of it submitted, and compare with what this machine made."""
    status, output = ended(started(copy), PATIENCE_FOR_ALL)
    assert status == 0, output
    assert output.count("has been submitted with SLURM jobid") >= submitted
    assert cluster.queue() == {}
    made, here = copy.results(), finished.results()
    assert made.keys() == here.keys()
    assert [name for name in made if made[name] != here[name]] == []


def test_a_job_that_fails_is_named_with_its_log(cluster: Any, copy: Any) -> None:
    with copy.edited("tests/studies/tiny/tables/walk_distances.py", "def tabulate(", "def tabulate_gone("):
        status, output = ended(started(copy, "--retries", "0", "results/smoke/simulation/tiny_walks/results.parquet"))
        assert status == 1
        assert "rule simulate" in output
        assert "results/smoke/logs/simulate/tiny_walks.log" in output
    log = copy.folder / "results/smoke/logs/simulate/tiny_walks.log"
    assert "has no attribute 'tabulate'" in log.read_text()


def test_a_job_that_asks_for_too_much_is_refused(cluster: Any, copy: Any) -> None:
    demand = "--set-resources", "solve_theory:mem_mb=10000000"
    status, output = ended(started(copy, TARGET, "--retries", "0", *demand))
    assert status == 1
    assert (
        "Memory specification can not be satisfied" in output
        or "Requested node configuration is not available" in output
    )
    assert cluster.queue() == {}


@pytest.mark.parametrize("how", ["scancel", "kill"])
def test_a_job_that_is_killed_is_submitted_again(cluster: Any, copy: Any, how: str) -> None:
    process = started(copy, CURVES)
    training: list[int] = []

    def trains() -> bool:
        training[:] = _processes_of("train_networks", copy.folder)
        return bool(training) or process.poll() is not None

    cluster.wait_until(trains)
    assert training, ended(process)
    if how == "scancel":
        subprocess.run(["scancel", *cluster.queue()], check=True, timeout=30)
    else:
        for number in training:
            os.kill(number, signal.SIGKILL)
    status, output = ended(process)
    assert status == 0, output
    assert "Trying to restart job" in output
    assert "mem_mb=4000" in output
    assert "mem_mb=8000" in output  # more memory for the second attempt
    assert (copy.folder / CURVES).is_file()


def test_ctrl_c_cancels_what_is_queued(cluster: Any, copy: Any) -> None:
    process = started(copy, TARGET)
    cluster.wait_until(lambda: bool(cluster.queue()) or process.poll() is not None)
    os.killpg(process.pid, signal.SIGINT)
    status, output = ended(process)
    assert status != 0, output
    cluster.wait_until(lambda: not cluster.queue(), 60)


def _processes_of(rule: str, folder: Path) -> list[int]:
    """The processes that run a script of a rule in a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"{rule}.py" in words and str(folder) in words and ".snakemake/scripts" in words:
            found.append(int(place.name))
    return found
