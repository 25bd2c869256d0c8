"""Turn a data set into our one form of images."""

import os
from pathlib import Path

from scaling import datasets, files, provenance, registry

with provenance.recorded(snakemake):
    settings = snakemake.params.settings
    source = registry.load("datasets", settings["source"]["name"])
    folder = snakemake.config["data"]["folder"] or os.environ.get("SCALING_DATA")
    cache = Path(snakemake.config["data"]["cache"])
    images = source.load(settings["source"], Path(folder) if folder else None, cache)
    datasets.check_sizes(images, settings["train_size"], settings["validation_size"], settings["test_size"])
    with files.atomic(snakemake.output.images) as path:
        datasets.save(images, path)
