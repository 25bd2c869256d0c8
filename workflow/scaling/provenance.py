"""What a result was made from: the sidecar that each job leaves behind, and what it is for."""

import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from scaling import rooms
from scaling.files import atomic

SIDECAR = ".provenance.json"
SEAL = "digest"  # key of a sidecar: the digest of all else in it


def digest(path: str | Path) -> str:
    """sha256 of a file's content. Raises ValueError, one line, for a pipe or a device, which may never end."""
    if Path(path).exists() and not (Path(path).is_file() or Path(path).is_dir()):
        raise ValueError(f"{path}: found a pipe or a device; allowed: a file")
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def value_digest(value: Any) -> str:
    """The first 12 digits of the sha256 of a value that JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def commit() -> str:
    """The commit of this repository, with `+dirty` after it when files differ from it.

    `unknown` outside git, and where the repository around this folder is another one.
    """
    try:
        if Path(_git("rev-parse", "--show-toplevel")).resolve() != rooms.REPOSITORY.resolve():
            return "unknown"
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+dirty" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(rooms.REPOSITORY), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def recorded(job: Any) -> Iterator[None]:
    """Run a Snakemake job: what it prints goes to its log, and when it ends well its sidecar is written.

    `job` is the object Snakemake gives a script. A failure, an input that is not what its maker wrote among them, ends
    with its traceback in the log, one line on the terminal and exit status 1.
    """
    started, startup = time.time(), time.process_time()
    failure: Exception | None = None
    try:
        with (
            Path(job.log[0]).open("w", encoding="utf-8", buffering=1) as log,
            redirect_stdout(log),
            redirect_stderr(log),
        ):
            try:
                inputs = {str(path): digest(path) for path in job.input}
                _check_inputs(inputs)
                yield
                _write_sidecar(job, inputs, started, startup)
            except Exception as error:
                failure = error
                traceback.print_exc()
    except OSError as error:  # the log itself could not be written
        failure = failure or error
    if failure:
        sys.exit(f"{job.rule}: {_in_words(failure)} (details: {job.log[0]})")


def _in_words(failure: Exception) -> str:
    """One line that says what to do, where that is known here."""
    if isinstance(failure, MemoryError) or "can't allocate memory" in str(failure):
        return "out of memory; run fewer jobs at once (a smaller --cores) or on a machine with more, and run again"
    return str(failure) or type(failure).__name__


def _check_inputs(inputs: Mapping[str, str]) -> None:
    """Raise ValueError, one line, for an input that is not what the job that made it wrote."""
    for path, found in inputs.items():
        record = record_of(path)
        if record and found != record["outputs"][path]:
            raise ValueError(f"{path}: differs from what {record['rule']} wrote; delete it and run again")


def gone(products: Iterable[str]) -> list[str]:
    """What products were made from, directly or not, as their sidecars say, and is not there any more.

    Where a job fails, Snakemake removes what the job had made before and does not miss it as long as what follows is
    there. A sidecar that cannot be read is passed over, here and in `changed`.
    """
    return sorted({path for path, _ in _made_from(products) if not _is_there(path)})


def changed(products: Iterable[str]) -> list[str]:
    """What products were made from, directly or not, and is no longer what their makers read.

    Where a run ends early, a table is made anew and what follows from it is not. Files outside of the repository are
    passed over: rules carry their digests; and so are those that cannot be read, which the job that reads them names.
    """
    return sorted({path for path, read in _made_from(products) if _is_ours(path) and _content(path) not in (read, "")})


def jobs(products: Iterable[str]) -> list[dict[str, Any]]:
    """What the jobs behind products left on record, each once; those without a readable sidecar are passed over."""
    files = [*products, *(path for path, _ in _made_from(products))]
    found = [record for record in map(_readable_record_of, files) if record]
    return list({tuple(sorted(record["outputs"])): record for record in found}.values())


def _made_from(products: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every file that products were made from, directly or not, with the digest of what was read."""
    seen, waiting = set[str](), list(products)
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            if record := _readable_record_of(path):
                yield from record["inputs"].items()
                waiting += record["inputs"]


def _is_ours(path: str) -> bool:
    return _is_there(path) and not Path(path).is_absolute()


def _is_there(path: str) -> bool:
    """Whether there is a file, as far as this user may see."""
    with suppress(OSError):
        return Path(path).exists()
    return False


def _content(path: str) -> str:
    """The digest of a file, without reading it where its maker left one on record; nothing where it cannot be read."""
    if record := _readable_record_of(path):
        return str(record["outputs"][path])
    with suppress(OSError, ValueError):
        return digest(path)
    return ""


def _readable_record_of(path: str) -> dict[str, Any] | None:
    with suppress(ValueError):
        return record_of(path)
    return None


def record_of(path: str) -> dict[str, Any] | None:
    """What the job that made a file left on record; None when no sidecar names it."""
    beside, below = Path(path).parent, Path(path).with_suffix("")  # claims.csv is on record in claims/
    return _on_record(beside).get(path) or _on_record(below).get(path)


@cache
def _on_record(folder: Path) -> dict[str, dict[str, Any]]:
    """The sidecars in a folder, by the outputs that they name."""
    records: dict[str, dict[str, Any]] = {}
    for sidecar in folder.glob(f"*{SIDECAR}"):
        try:
            record = read_sidecar(sidecar)
        except ValueError as error:
            raise ValueError(f"{sidecar}: {error}; delete the folder {folder} and run again") from None
        records |= dict.fromkeys(record["outputs"], record)
    return records


def read_sidecar(path: Path) -> dict[str, Any]:
    """What a job left on record. Raises ValueError, one line, when the file is not what a job wrote."""
    try:
        if not path.is_file():
            raise ValueError("it is no file")
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"no readable sidecar ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"no readable sidecar ({error})") from None
    if not isinstance(record, dict) or not {"rule", "inputs", "outputs"} <= record.keys():
        raise ValueError("no readable sidecar (it lacks rule, inputs or outputs)")
    if not all(isinstance(record[key], dict) for key in ("inputs", "outputs")):
        raise ValueError("no readable sidecar (its inputs or outputs are no mappings)")
    if SEAL in record and record[SEAL] != _seal(record):
        raise ValueError("no readable sidecar (it was edited: its own digest differs)")
    return record


def write_sidecar(path: str | Path, record: Mapping[str, Any]) -> None:
    """Write what a job leaves on record, with the digest of it."""
    with atomic(path) as temporary:
        text = json.dumps({**record, SEAL: _seal(record)}, indent=1, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def _seal(record: Mapping[str, Any]) -> str:
    content = json.loads(json.dumps({key: value for key, value in record.items() if key != SEAL}))
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write_sidecar(job: Any, inputs: Mapping[str, str], started: float, startup: float) -> None:
    params = dict(job.params.items())
    content = {
        "rule": job.rule,
        "wildcards": dict(job.wildcards.items()),
        "config": {key: value for key, value in params.items() if key != "code"},
        "code": params.get("code"),
        "commit": commit(),
        "inputs": dict(inputs),
        "outputs": {str(path): digest(path) for path in job.output if str(path) != str(job.output.sidecar)},
        "started": datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
        "seconds": round(time.time() - started, 3),
        "cpu_seconds": round(_cpu_seconds(), 3),
        "startup_cpu_seconds": round(startup, 3),
        "hardware": {"machine": platform.machine(), "system": platform.system(), "cores": os.cpu_count()},
    }
    write_sidecar(job.output.sidecar, content)


def _cpu_seconds() -> float:
    """What this process and those that it waited for have used of the processor so far."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
