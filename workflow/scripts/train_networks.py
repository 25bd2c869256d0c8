"""Train some groups of networks of one experiment and measure them on the way."""

from pathlib import Path

from scaling import datasets, provenance, records
from scaling.training import trainer
from scaling.training.cells import TOLD_APART_BY, groups_of
from scaling.training.recorded import COLUMNS
from scaling.training.store import Store

with provenance.recorded(snakemake):
    groups = groups_of(snakemake.wildcards.entry, snakemake.params.protocol, snakemake.params.groups)
    images = Path(snakemake.input.images)
    cache = Path(snakemake.config["data"]["cache"], "training")
    store = Store(cache, code=snakemake.params.code, data=provenance.digest(images))
    rows = trainer.train_groups(groups, datasets.load(images), snakemake.params.device, store)
    records.write_table(rows, snakemake.output.table, COLUMNS, sort_by=TOLD_APART_BY)
