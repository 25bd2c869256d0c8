"""Our trainer against the plain way of training, as a table and a figure.

Each architecture is trained on digits, in batches of 64 with Adam, by our trainer and by a loop over a DataLoader with
0 and with 4 workers. All take turns, so that what else the machine does meets all alike; the median counts. Speeds are
in images per second of processor time, children included (per second by the clock on a GPU).
"""

import resource
import time
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from scaling import files, registry
from scaling.benchmarks._training_figure import draw
from scaling.commands import _experiments
from scaling.commands._measured_numbers import Number
from scaling.commands.cost import network_size
from scaling.datasets import Images
from scaling.training.cells import Cell, Group, plan
from scaling.training.devices import device_of
from scaling.training.networks import initial_network
from scaling.training.run import Run
from scaling.training.samples import Pool, pool_of, samples_of

BATCH = 64
TRAIN_SIZE = 1280
PEAK_SIDE = 1024
WAYS = ("loader_0", "loader_4", "ours")


class Bar(NamedTuple):
    """What is trained, and how many times faster than a DataLoader without workers that must and should be."""

    model: dict[str, Any]
    cells: int
    must: float
    goal: float


BARS = {
    "mlp": Bar({"name": "mlp", "hidden": [128, 128]}, 16, 5, 7),
    "cnn": Bar({"name": "cnn", "channels": [16, 32], "pool_after": [2], "hidden": [64]}, 4, 1.5, 1.85),
    "resnet": Bar({"name": "resnet", "widths": [16, 32], "blocks": [1, 1]}, 4, 1.15, 1.3),
    "vit": Bar({"name": "vit", "patch": 2, "width": 32, "depth": 2, "heads": 4}, 4, 1, 1),
}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--networks", nargs="+", choices=list(BARS), default=list(BARS), help="architectures")
    parser.add_argument("--repeats", type=int, default=5, help="turns that each way takes")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a turn")
    parser.add_argument("--device", default="cpu", help="cpu (the default), cuda or auto")
    parser.add_argument(
        "--out", type=Path, default=_experiments.REPOSITORY / "results" / "benchmarks", help="folder of the results"
    )


def measure(options: Namespace) -> Iterator[Number]:
    """Speeds of each network, over the plain loop and as shares of the peak; writes training.csv, .pdf and .png."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", message="This DataLoader will create 4 worker processes")
    device = device_of(options.device)
    clock = clock_of(device)
    images = registry.load("datasets", "digits").load({}, None)
    pool = pool_of(images, 1, device)
    tables = []
    for name in options.networks:
        bar, group = BARS[name], group_of(BARS[name])
        epochs = ways_to_train(group, images, pool)
        for epoch in epochs.values():
            epoch()  # warm
        turns = pd.DataFrame(
            {way: speed(epoch, clock, options.seconds) for way, epoch in epochs.items()} for _ in range(options.repeats)
        )
        operations = 3 * network_size(group.protocol, pool.input_shape, pool.classes)[0]
        tables.append(compared(bar, turns, operations))
        yield from numbers_of(tables[-1])
    table = pd.concat(tables, ignore_index=True)
    with files.atomic(options.out / "training.csv") as path:
        table.to_csv(path, index=False, float_format="%.6g")
    draw(table, options.out)


def numbers_of(table: pd.DataFrame) -> Iterator[Number]:
    """What a table of `compared` says of our trainer."""
    for row in table[table["way"] == "ours"].to_dict("records"):
        name = row["network"]
        yield Number(f"{name}: speed", row["images_per_second"], "images/s", more_is_better=True)
        yield Number(
            f"{name}: speed over DataLoader, 0 workers",
            row["times_loader_0"],
            "times",
            more_is_better=True,
            must=row["must"],
            goal=row["goal"],
        )
        yield Number(f"{name}: share of the peak", row["peak_share"], "times", more_is_better=True)


def group_of(bar: Bar) -> Group:
    """The networks that our trainer trains together."""
    settings = {
        "dataset": "digits",
        "model": bar.model,
        "train_sizes": [TRAIN_SIZE],
        "seeds": list(range(bar.cells)),
        "batch_size": BATCH,
        "epochs": 1,
        "validation_size": 200,
        "test_size": 317,
    }
    return plan("benchmark", settings)[0]


def ways_to_train(group: Group, images: Images, pool: Pool) -> dict[str, Callable[[], int]]:
    """For each way, and for matrix products, what does a piece of it and returns the images seen, or operations."""
    trained = Run(group, images, pool)

    def ours() -> int:
        until = trained.step + trained.steps_per_epoch
        while trained.step < until:
            trained.advance(until)
        return TRAIN_SIZE * len(group.cells)

    factors = torch.rand(PEAK_SIDE, PEAK_SIDE, device=pool.x.device)

    def products() -> int:
        torch.mm(factors, factors)
        return 2 * PEAK_SIDE**3

    loops = {f"loader_{workers}": plain_epoch(group.cells[0], images, pool, workers) for workers in (0, 4)}
    return {**loops, "ours": ours, "peak": products}


def plain_epoch(cell: Cell, images: Images, pool: Pool, workers: int) -> Callable[[], int]:
    """One epoch as most scripts have it: a DataLoader, the default optimiser, one network."""
    device = pool.x.device
    samples = samples_of([cell], images, pool)
    x, y = samples.images(samples.rows["train"])[0].contiguous().cpu(), samples.labels["train"][0].cpu()
    loader = DataLoader(TensorDataset(x, y), batch_size=BATCH, shuffle=True, num_workers=workers)
    network = initial_network(cell, pool.input_shape, pool.classes).to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=cell.protocol.optimizer["learning_rate"])

    def epoch() -> int:
        network.train()
        for batch, labels in loader:
            optimizer.zero_grad()
            functional.cross_entropy(network(batch.to(device)), labels.to(device)).backward()
            optimizer.step()
        return len(y)

    return epoch


def speed(epoch: Callable[[], int], clock: Callable[[], float], seconds: float) -> float:
    """What epochs do in a second, over at least so many seconds."""
    start, done = clock(), 0
    while clock() - start < seconds:
        done += epoch()
    return done / (clock() - start)


def clock_of(device: torch.device) -> Callable[[], float]:
    """Seconds of processor time, children included; on a GPU seconds by the clock, once its work is done."""

    def by_the_clock() -> float:
        torch.cuda.synchronize()
        return time.perf_counter()

    def processor_time() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in used)

    return by_the_clock if device.type == "cuda" else processor_time


def compared(bar: Bar, turns: pd.DataFrame, operations: int) -> pd.DataFrame:
    """One row for each way: its median speed, that over a DataLoader without workers turn by turn, share of the peak.

    `operations` are those of one image in training.
    """
    ratios = turns.div(turns["loader_0"], axis=0).median()
    shares = (turns.mul(operations).div(turns["peak"], axis=0)).median()
    rows = [
        {
            "network": bar.model["name"],
            "way": way,
            "images_per_second": turns[way].median(),
            "times_loader_0": ratios[way],
            "peak_share": shares[way],
            "must": bar.must if way == "ours" else np.nan,
            "goal": bar.goal if way == "ours" else np.nan,
            "verdict": verdict(ratios[way], bar) if way == "ours" else "",
        }
        for way in WAYS
    ]
    return pd.DataFrame(rows)


def verdict(ratio: float, bar: Bar) -> str:
    """In a word, what a speed is against its bar."""
    return "goal" if ratio >= bar.goal else "must" if ratio >= bar.must else "missed"
