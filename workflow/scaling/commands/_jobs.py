"""The jobs of the workflow as Snakemake plans them, in this process; nothing is run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from snakemake.api import SnakemakeApi
from snakemake.exceptions import WorkflowError
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    ExecutionSettings,
    OutputSettings,
    Quietness,
    ResourceSettings,
)


@contextmanager
def planned(
    folder: Path, config: Mapping[str, Any], configfiles: Sequence[Path] = (), targets: Sequence[str] = ()
) -> Iterator[Any]:
    """The workflow of a repository with its jobs, `workflow.dag.jobs`, for targets or for everything.

    The folder is the working directory as long as the block lasts, and locked as by a run. Raises ValueError, one line,
    for what Snakemake refuses: an input that nobody makes, a run at work on the same results.
    """
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as snakemake:
        settings = ConfigSettings(config=config, configfiles=configfiles)
        parsed = snakemake.workflow(ResourceSettings(cores=1), settings, snakefile=folder / "Snakefile", workdir=folder)
        parsed.dag(DAGSettings(targets=set(targets)))
        workflow = parsed._workflow
        workflow.execution_settings = ExecutionSettings()
        workflow._prepare_dag(forceall=False, ignore_incomplete=True, lock_warn_only=False)
        try:
            workflow._build_dag()
            with workflow.persistence.lock():
                yield workflow
        except WorkflowError as error:
            raise ValueError(f"snakemake: {' '.join(str(error).split())}") from None
