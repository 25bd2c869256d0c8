"""Write Snakemake's report of this run: every figure with its caption, the ledger, how and when all was made."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from scaling import files, provenance, records

with provenance.recorded(snakemake), TemporaryDirectory() as folder:
    config = Path(folder, "config.json")
    records.write_json(snakemake.config, config)
    with files.atomic(snakemake.output.report) as path:
        command = [sys.executable, "-m", "snakemake", *snakemake.input, "--configfile", str(config)]
        done = subprocess.run(
            [*command, "--report", str(path), "--nolock"], check=False, text=True, capture_output=True
        )
        print(done.stdout, done.stderr, sep="\n")
        done.check_returncode()
