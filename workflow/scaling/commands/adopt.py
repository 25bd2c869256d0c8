"""Keep results after an edit that is meant to change no number: some are made again, and if equal, all are kept.

An edit of code that decides numbers makes Snakemake run again all that the code can reach. Where the edit is meant to
change nothing, one result of each kind is made again here: of each experiment the first group of its quickest job, of
all else one result for each script and plug-in. When every one is the same to the byte, the others are taken to be so
as well: their sidecars, the groups in the training cache and Snakemake's records get the new fingerprint. At the first
difference nothing is marked. Results whose configuration or inputs have changed too are left to Snakemake.
"""

import json
import runpy
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple

from snakemake.iocontainers import Namedlist

from scaling import provenance
from scaling.commands import _experiments
from scaling.commands._jobs import planned
from scaling.records import read_table
from scaling.rooms import REPOSITORY, WORKFLOW, need_clone
from scaling.training.cells import groups_of
from scaling.training.store import Store

TRAINING = "train_networks"
SAY_WHEN = (
    "write_page",
    "typeset_paper",
    "pack_archive",
)  # what they make tells the day and the commit


class Result(NamedTuple):
    """A job that was done with other code: as Snakemake plans it now, and what it left on record."""

    job: Any
    sidecar: Path
    record: dict[str, Any]

    @property
    def code(self) -> str:
        """The fingerprint of the code as it is now."""
        return str(self.job.params.code)

    @property
    def kind(self) -> tuple[str, ...]:
        """Of all results that share it, one is made again."""
        entry = self.job.wildcards.entry if self.job.rule.name == TRAINING else ""
        return self.job.rule.name, entry, self.record["code"], self.code


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    _experiments.add_arguments(parser)


def run(options: Namespace) -> int:
    """Mark results as current; raise ValueError at the first that is another when it is made again."""
    need_clone()
    configfiles = [path.resolve() for path in options.configfile]
    with planned(REPOSITORY, {"size": options.size}, configfiles) as workflow:
        jobs = list(workflow.dag.jobs)
        outdated = list(results_of_other_code(jobs))
        adopted = [result for result in outdated if only_code_differs(result)]
        with TemporaryDirectory() as folder, ProcessPoolExecutor(1, get_context("spawn")) as processes:
            for number, result in enumerate(one_of_each_kind(adopted)):
                print(f"made again to compare: {next(iter(result.record['outputs']))}", flush=True)
                check_same(result, Path(folder, str(number)), workflow.config, processes)
        adopt_cache(adopted, jobs, Path(workflow.config["data"]["cache"], "training"))
        for result in adopted:
            workflow.async_run(workflow.persistence.finished(result.job))
            mark(result)
    print(f"{len(adopted)} results adopted, {len(outdated) - len(adopted)} left to Snakemake")
    return 0


def results_of_other_code(jobs: Sequence[Any]) -> Iterator[Result]:
    """The jobs that were done with other code than there is now."""
    for job in jobs:
        sidecar = Path(job.output.get("sidecar", ""))
        if sidecar.is_file() and job.rule.name not in SAY_WHEN:
            record = provenance.read_sidecar(sidecar)
            if record["code"] != job.params.code:
                yield Result(job, sidecar, record)


def only_code_differs(result: Result) -> bool:
    """Whether configuration, inputs and outputs are those on record."""
    params = {key: value for key, value in result.job.params.items() if key != "code"}
    inputs, outputs = result.record["inputs"], result.record["outputs"]
    return (
        json.loads(json.dumps(params)) == result.record["config"]
        and list(inputs) == list(map(str, result.job.input))
        and all(Path(path).is_file() for path in (*inputs, *outputs))
        and all(provenance.digest(path) == digest for path, digest in (*inputs.items(), *outputs.items()))
    )


def one_of_each_kind(results: Sequence[Result]) -> list[Result]:
    """The quickest result of each kind."""
    quickest: dict[tuple[str, ...], Result] = {}
    for result in sorted(results, key=lambda result: result.record["seconds"]):
        quickest.setdefault(result.kind, result)
    return list(quickest.values())


def check_same(result: Result, folder: Path, config: dict[str, Any], processes: Executor) -> None:
    """Make a result again in a folder and a process of its own; raise ValueError when it is another."""
    job = stand_in(result.job, folder, config)
    script = str(WORKFLOW / "scripts" / Path(result.job.rule.script).name)
    try:
        processes.submit(run_script, script, job).result()
    except SystemExit as stop:
        raise ValueError(f"{stop}; nothing was adopted") from None
    for path, digest in result.record["outputs"].items():
        if job.rule == TRAINING:
            same = same_rows(Path(path), folder / path, job.params.groups[0]["name"])
        else:
            same = provenance.digest(folder / path) == digest
        if not same:
            raise ValueError(f"{path}: made again, it is another; nothing was adopted")


def run_script(script: str, job: SimpleNamespace) -> None:
    """Run the script of a rule as Snakemake does."""
    runpy.run_path(script, {"snakemake": job})


def stand_in(job: Any, folder: Path, config: dict[str, Any]) -> SimpleNamespace:
    """What a script takes for its job, with outputs in a folder; of training the first group, without the cache."""
    output = Namedlist(toclone=job.output, custom_map=lambda path: str(folder / path))
    for path in output:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    params = dict(job.params.items())
    if job.rule.name == TRAINING:
        params["groups"] = params["groups"][:1]
        config = config | {"data": config["data"] | {"cache": str(folder / "cache")}}
    return SimpleNamespace(
        rule=job.rule.name,
        input=Namedlist(toclone=job.input, custom_map=str),
        output=output,
        params=Namedlist(fromdict=params),
        wildcards=Namedlist(fromdict=dict(job.wildcards.items())),
        log=[str(folder / "log")],
        config=json.loads(json.dumps(config)),
    )


def same_rows(stored: Path, made: Path, group: str) -> bool:
    """Whether a table holds the rows of a group exactly as they were made again.

    Columns that only other groups fill may be missing.
    """
    before, now = read_table(stored), read_table(made)
    before = before[before["group"] == group].reset_index(drop=True).dropna(axis="columns", how="all")
    now = now.dropna(axis="columns", how="all")
    if set(before.columns) != set(now.columns) or len(before) != len(now):
        return False
    before = before[now.columns]
    return bool(((before == now) | (before.isna() & now.isna())).all(axis=None))


def adopt_cache(adopted: Sequence[Result], jobs: Sequence[Any], cache: Path) -> None:
    """Let the groups of the experiments be found in the cache, those of jobs that are not done yet as well."""
    for kind, result in {result.kind: result for result in adopted if result.job.rule.name == TRAINING}.items():
        data = result.record["inputs"][str(result.job.input.images)]
        before, now = (Store(cache, code, data) for code in kind[2:])
        for job in jobs:
            if job.rule.name == TRAINING and job.wildcards.entry == result.job.wildcards.entry:
                for group in groups_of(job.wildcards.entry, job.params.protocol, job.params.groups):
                    now.adopt(before, group)


def mark(result: Result) -> None:
    """Write the fingerprint of the code into a sidecar, and under `adopted` those of the code that did the job."""
    earlier = [*result.record.get("adopted", []), result.record["code"]]
    content = result.record | {"code": result.code, "adopted": earlier}
    provenance.write_sidecar(result.sidecar, content)
