"""Which back end trains a group."""

from scaling.training.backend import Backend
from scaling.training.batched import Batched
from scaling.training.cells import Group
from scaling.training.loop import Loop
from scaling.training.networks import initial_network
from scaling.training.samples import Pool, Samples

BACKENDS: dict[str, type[Loop | Batched]] = {"loop": Loop, "batched": Batched}

# Networks of at most so many parameters are stacked and trained as one program, by architecture and kind of device;
# all others one after the other. Measured on one core with 16 cells and batches of 128: perceptrons of 26 thousand
# parameters gain a factor 2 by it, those of 270 thousand lose a fifth as their states leave the cache; convolutional
# networks and transformers gain nothing.
STACKED_UP_TO = {("mlp", "cpu"): 100_000, ("mlp", "cuda"): 10_000_000}


def make_backend(group: Group, samples: Samples) -> Backend:
    """The networks of a group before training, in the back end that the protocol names or `auto` stands for."""
    name = group.protocol.backend
    if name == "auto":
        name = fastest(group, samples.pool)
    return BACKENDS[name](group.cells, samples)


def fastest(group: Group, pool: Pool) -> str:
    """The back end measured to be faster, by protocol, shape of the images and kind of device alone."""
    limit = STACKED_UP_TO.get((group.protocol.architecture, pool.x.device.type), 0)
    network = initial_network(group.cells[0], pool.input_shape, pool.classes)
    size = sum(parameter.numel() for parameter in network.parameters())
    return "batched" if len(group.cells) > 1 and size <= limit else "loop"
