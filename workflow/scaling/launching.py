"""How Snakemake begins jobs on this machine: as copies of one process in which the libraries are loaded already.

Most jobs take less than loading NumPy, pandas, PyTorch or seaborn does. Each still is a process of its own, with its
own memory, log and exit; and code of this project is read by each job itself.
"""

import contextlib
import gc
import multiprocessing
import os
import resource
import runpy
import subprocess
import sys
import time
from collections.abc import Iterable
from importlib.util import find_spec
from multiprocessing.connection import Connection, wait
from threading import Lock
from typing import Any, NamedTuple

LIBRARIES = (
    *("numpy", "pandas", "pyarrow.dataset", "pyarrow.parquet", "scipy.interpolate", "scipy.optimize.elementwise"),
    *("scipy.stats", "snakemake.io", "snakemake.logging"),
)
LIBRARIES_OF = {"train_networks": ("torch",), "draw_figure": ("seaborn", "matplotlib.backends.backend_pdf")}

_ONE_AT_A_TIME = Lock()  # multiprocessing keeps its children in lists that threads share


def begin_jobs_as_copies(rules: Iterable[str]) -> None:
    """From now on, scripts of Snakemake begin as copies of a process with the libraries that jobs of these rules load.

    Not where fork is unsafe with some of the libraries, as on macOS. A script begins as Snakemake has it where it asks
    for several threads, an environment or a container of its own, and where the process is not to be had.
    """
    from snakemake.script import PythonScript

    if sys.platform != "linux":
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [*LIBRARIES, *(name for rule in sorted(rules) for name in LIBRARIES_OF.get(rule, ()))]
    )
    sys.modules["__main__"].__spec__ = find_spec("snakemake.__main__")  # the main program, which no copy has to load
    by_itself = PythonScript.execute_script

    def execute(script: Any, path: str, edit: bool = False) -> None:
        own = script.threads > 1 or script.conda_env or script.container_img or script.env_modules
        if copy := None if own else _begun(context, path, script.resources.get("tmpdir")):
            _wait_for(copy, script.bench_record, path)
        else:
            by_itself(script, path, edit)

    PythonScript.execute_script = execute


class Copy(NamedTuple):
    """A process that runs a script, when it began, and where it says at its end what it has used."""

    process: Any
    began: float
    used: Connection


def _begun(context: Any, path: str, folder: str | None) -> Copy | None:
    """A copy that runs a script; None where it could not be begun."""
    used, says = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(path, folder, says))
    with says, _ONE_AT_A_TIME, contextlib.suppress(EOFError, OSError):
        process.start()
        return Copy(process, time.time(), used)
    return None


def _wait_for(copy: Copy, record: Any, path: str) -> None:
    """Wait until a script has ended. Raises CalledProcessError when it failed, as Snakemake does itself."""
    wait([copy.process.sentinel])
    with _ONE_AT_A_TIME:
        copy.process.join()
    with copy.used, contextlib.suppress(EOFError):
        if record is not None:
            record.running_time = time.time() - copy.began
        if record is not None and copy.used.poll():
            record.cpu_time, record.max_rss = copy.used.recv()
            record.cpu_usage, record.data_collected = 100 * record.cpu_time, True
    if copy.process.exitcode:
        raise subprocess.CalledProcessError(copy.process.exitcode, [sys.executable, path])


def _run(path: str, folder: str | None, says: Connection) -> None:
    """What a copy does: run a script, with its folder for temporary files; in the end say what it has used."""
    gc.freeze()  # what was loaded stays: a search for garbage in it would copy all of it
    if folder:
        os.environ.update(dict.fromkeys(("TMPDIR", "TMP", "TEMPDIR", "TEMP"), folder))
    try:
        runpy.run_path(path, run_name="__main__")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        with contextlib.suppress(OSError):  # nobody is there to hear it
            says.send(_used())


def _used() -> tuple[float, float]:
    """Seconds of processor time of this process and of those it waited for, and the most memory it had, in MB."""
    own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in (own, others)), own.ru_maxrss / 1024


def check_interpreter(*, jobs_run_here: bool) -> None:
    """End the run with one line where Snakemake cannot begin jobs: it does not quote the path of the interpreter."""
    if " " in sys.executable and not (jobs_run_here and sys.platform == "linux"):
        sys.exit(
            f"{sys.executable}: found spaces in the path of the environment, with which jobs can begin only on this "
            "machine and on Linux; allowed: a path without them (set SCALING_ENV)"
        )


def look_at_jobs_only_when_one_ends(scheduler: Any) -> None:
    """Take away Snakemake's own limit of 100 new jobs a second, with which it looks n times a second after n jobs."""
    if (limit := scheduler.job_rate_limiter) and (limit.max_jobs, limit.timespan) == (100, 1):
        scheduler.job_rate_limiter = None
