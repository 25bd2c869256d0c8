"""Set the manuscript; its numbers, tables and figures come from results/, its sections from the studies."""

import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typst

from scaling import files, provenance
from scaling.page.run_facts import run_facts

folder = Path(snakemake.output.sidecar).parent / ".sections"

with provenance.recorded(snakemake):
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
    folder.mkdir()
    copies = {study: folder / f"{study}.typ" for study in snakemake.params.sections}
    for study, path in snakemake.params.sections.items():
        shutil.copyfile(path, copies[study])
    about = {
        "results": "/" + snakemake.output.paper.rpartition("/")[0],
        "sections": json.dumps({study: f"/{path}" for study, path in copies.items()}),
        "size": snakemake.params.size,
        "origin": snakemake.params.origin,
        "config": snakemake.params.config_digest,
        "commit": provenance.commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "facts": json.dumps(asdict(run_facts(snakemake.params.size, provenance.jobs(list(snakemake.input))))),
    }
    try:
        with files.atomic(snakemake.output.paper) as path:
            typst.compile("paper/main.typ", output=path, root=".", sys_inputs=about, ignore_system_fonts=True)
    finally:
        shutil.rmtree(folder)
