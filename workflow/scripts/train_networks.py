"""Train some groups of networks of one experiment and measure them on the way."""

from pathlib import Path

from scaling import datasets, provenance, records
from scaling.training import trainer
from scaling.training.cells import groups_of

with provenance.recorded(snakemake):
    groups = groups_of(snakemake.wildcards.entry, snakemake.params.protocol, snakemake.params.groups)
    rows = trainer.train_groups(groups, datasets.load(Path(snakemake.input.images)))
    records.write_table(rows, snakemake.output.table, sort_by=["train_size", "seed", "epoch"])
