"""Set the manuscript; its numbers, tables and figures come from results/."""

from datetime import UTC, datetime

import typst

from scaling import files, provenance

with provenance.recorded(snakemake):
    about = {
        "results": "/" + snakemake.output.paper.rpartition("/")[0],
        "size": snakemake.params.size,
        "config": snakemake.params.config_digest,
        "commit": provenance.commit(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    with files.atomic(snakemake.output.paper) as path:
        typst.compile("paper/main.typ", output=path, root=".", sys_inputs=about, ignore_system_fonts=True)
