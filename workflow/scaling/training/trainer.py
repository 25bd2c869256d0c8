"""Train the networks of a grid and measure them on the way."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd
import torch

from scaling.datasets import Images
from scaling.training.cells import TOLD_APART_BY, Cell, Group, measurement_steps
from scaling.training.devices import check_precision, device_of
from scaling.training.networks import drops_units, initial_network
from scaling.training.progress import Progress
from scaling.training.run import Run
from scaling.training.samples import Pool, input_shape, pool_of, split_of
from scaling.training.store import Store, termination


def train_groups(
    groups: Iterable[Group], images: Images, device: str = "auto", store: Store | None = None
) -> pd.DataFrame:
    """Train all cells of the groups; one row per cell and measurement, sorted by variant, train size, seed and step.

    `device` is auto, cpu or cuda. With a store, groups that are in it are not trained again, and a group that was
    interrupted goes on where it was last saved; on SIGTERM the state is saved and SystemExit raised.

    Errors are fractions, losses means (cross-entropy in nats), logarithms natural; step counts the updates made so
    far and epoch the passes finished. `converged` means that no training image is mistaken and the training loss is
    below 1e-3. A cell in which a loss or weight is no longer finite ends with a row that is marked `diverged` and
    holds NaN for all that is measured. Rows depend on group and device alone, with the back end `loop` on each cell
    alone.

    Raises ValueError before anything is trained when a cell cannot be: an unknown name, settings that make no
    network, a train size beyond the data, no GPU where one is asked for.
    """
    groups = list(groups)
    tables = [store.rows(group, device) if store else None for group in groups]
    waiting = [group for group, rows in zip(groups, tables, strict=True) if rows is None]
    for group in waiting:
        check(group.cells[0], images, device)
    progress = Progress(sum(map(_work, waiting)))
    trained = (
        train_group(group, images, pool, store, progress) for group, pool in _with_pools(waiting, images, device)
    )
    frame = pd.concat([next(trained) if rows is None else rows for rows in tables])
    progress.close()
    return frame.sort_values(TOLD_APART_BY, ignore_index=True)


def train_group(group: Group, images: Images, pool: Pool, store: Store | None, progress: Progress) -> pd.DataFrame:
    """Train one group, on one thread of the processor or on the GPU where the pool of images lies."""
    torch.set_num_threads(1)
    run = Run(group, images, pool)
    if store is None:
        return _rows(run, progress, lambda: None)
    checkpoint = store.checkpoint(group, run.device)
    checkpoint.restore(run)
    with termination() as must_end:
        rows = _rows(run, progress, lambda: checkpoint.keep(run, must_end))
    store.keep(group, run.device, rows)
    return rows


def check(cell: Cell, images: Images, device: str) -> None:
    """Raise ValueError, one line, when a cell cannot be trained on the images or on the device."""
    protocol = cell.protocol
    check_precision(protocol.precision, device_of(device))
    if min(images.x.shape[1:3]) < protocol.pooling:
        allowed = f"at most the {min(images.x.shape[1:3])} pixels of a side"
        raise ValueError(f"{cell.experiment}: pooling: found {protocol.pooling}; allowed: {allowed}")
    network = initial_network(cell, input_shape(images, protocol.pooling), images.classes)
    if protocol.backend == "batched" and drops_units(network):
        raise ValueError(f"{cell.experiment}: backend: found 'batched' with dropout; allowed: loop")
    largest = len(split_of(cell, images).train)
    if cell.train_size > largest:
        found = f"found {cell.train_size}; allowed: at most the {largest:,} images of the training pool"
        raise ValueError(f"{cell.experiment}: train_sizes: {found}")


def _with_pools(groups: Sequence[Group], images: Images, device: str) -> Iterator[tuple[Group, Pool]]:
    """Each group with the images on the device, which are brought there once."""
    pools: dict[int, Pool] = {}
    for group in groups:
        pooling = group.protocol.pooling
        if pooling not in pools:
            pools[pooling] = pool_of(images, pooling, device_of(device))
        yield group, pools[pooling]


def _rows(run: Run, progress: Progress, keep: Callable[[], None]) -> pd.DataFrame:
    """Train from where the run is to its end; `keep` is called between updates."""
    group, done = run.group, 0
    for step in measurement_steps(group.protocol, group.train_size):
        if step < run.step:
            continue
        while run.step < step:
            run.advance(step)
            keep()
            progress.advance(_work(group, run.step) - done, f"{group.cells[0].experiment} {group.name}")
            done = _work(group, run.step)
        run.measure()
        if run.is_over():
            break
    progress.advance(_work(group) - done, "")
    return pd.DataFrame(run.rows)


def _work(group: Group, steps: int | None = None) -> int:
    """Images that a group trains on in so many updates, or in all."""
    if steps is None:
        steps = measurement_steps(group.protocol, group.train_size)[-1]
    return steps * len(group.cells) * min(group.protocol.batch_size, group.train_size)
