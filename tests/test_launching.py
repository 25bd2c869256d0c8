"""Scripts that begin as copies of one process: each is a process of its own, and ends as it would by itself."""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from snakemake.benchmark import BenchmarkRecord
from snakemake.script import PythonScript

from scaling import launching

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="scripts begin as copies on Linux only")

Run = Callable[..., None]


class BegunByItselfError(Exception):
    """Snakemake's own way was taken."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the text of a script as Snakemake does; `settings` are those of its job."""
    by_itself: list[str] = []
    monkeypatch.setattr(PythonScript, "execute_script", lambda script, path, edit: by_itself.append(path))
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None, raising=False)
    monkeypatch.setattr(launching, "LIBRARIES", ("numpy",))
    launching.begin_jobs_as_copies([])

    def execute(text: str, name: str = "script.py", **settings: Any) -> None:
        usual = {"threads": 1, "conda_env": None, "container_img": None, "env_modules": None, "bench_record": None}
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        script = SimpleNamespace(**{**usual, "resources": {"tmpdir": str(tmp_path)}, **settings})
        PythonScript.execute_script(script, str(path), False)
        if str(path) in by_itself:
            raise BegunByItselfError

    return execute


def test_a_copy_has_the_libraries_and_nothing_of_this_project(run: Run, tmp_path: Path) -> None:
    said = tmp_path / "said"
    run(
        "import json, os, sys, tempfile, pathlib\n"
        "first = 'numpy' in sys.modules, 'scaling.records' in sys.modules\n"
        f"pathlib.Path({str(said)!r}).write_text(json.dumps([*first, os.getpid(), tempfile.gettempdir(), __name__]))\n"
    )
    *libraries, process, folder, name = json.loads(said.read_text())
    assert libraries == [True, False]
    assert process != os.getpid()
    assert (folder, name) == (str(tmp_path), "__main__")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit('a reason')", 1),
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("raise KeyboardInterrupt", 130),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9),
    ],
)
def test_a_copy_that_fails_says_how(run: Run, text: str, code: int) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run(text)
    assert failure.value.returncode == code


def test_copies_that_end_at_once_are_told_apart(run: Run) -> None:
    def code(number: int) -> int:
        try:
            run(f"raise SystemExit({number % 3})", f"script_{number}.py")
        except subprocess.CalledProcessError as failure:
            return failure.returncode
        return 0

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(code, range(120))) == [number % 3 for number in range(120)]


def test_a_copy_is_measured_for_its_benchmark_file(run: Run) -> None:
    record = BenchmarkRecord()
    run(
        "import time\nroom = bytearray(200_000_000)\ntime.sleep(0.3)\n"
        "while time.process_time() < 0.5:\n    pass\nraise SystemExit",
        bench_record=record,
    )
    seconds, _, memory, *_, load, cpu_time = record.get_benchmarks()
    assert memory > 200
    assert cpu_time > 0.5
    assert seconds > 0.7
    assert load == pytest.approx(100 * cpu_time / seconds, rel=1e-3)


def test_a_copy_that_was_killed_has_no_memory_on_record(run: Run) -> None:
    record = BenchmarkRecord()
    with pytest.raises(subprocess.CalledProcessError):
        run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", bench_record=record)
    assert record.get_benchmarks()[2] == "NA"


@pytest.mark.parametrize("asked", [{"threads": 2}, {"conda_env": "env"}, {"container_img": "i"}, {"env_modules": "m"}])
def test_a_script_that_asks_for_more_begins_by_itself(run: Run, asked: dict[str, Any]) -> None:
    with pytest.raises(BegunByItselfError):
        run("raise SystemExit(1)", **asked)


def test_where_copies_are_not_to_be_had_scripts_begin_by_themselves(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(process: Any) -> None:
        raise EOFError

    monkeypatch.setattr(multiprocessing.context.ForkServerProcess, "start", refused)
    with pytest.raises(BegunByItselfError):
        run("raise SystemExit(1)")


def test_spaces_in_the_path_of_the_interpreter_are_refused_where_snakemake_begins_jobs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/an environment/bin/python")
    launching.check_interpreter(jobs_run_here=True)
    with pytest.raises(SystemExit, match=r"^/an environment/bin/python: found spaces .* \(set SCALING_ENV\)$"):
        launching.check_interpreter(jobs_run_here=False)
