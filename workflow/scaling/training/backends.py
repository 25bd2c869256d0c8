"""Which back end trains a group."""

from scaling.training.backend import Backend
from scaling.training.batched import Batched
from scaling.training.cells import Group
from scaling.training.loop import Loop
from scaling.training.networks import initial_network
from scaling.training.samples import Pool, Samples

BACKENDS: dict[str, type[Loop | Batched]] = {"loop": Loop, "batched": Batched}

# Networks of at most so many parameters are stacked and trained as one program, by architecture and kind of device;
# all others one after the other. Measured on one core, batches of 128: perceptrons of 9, 26, 85 and 270 thousand
# parameters are 4.5, 2.4, 1.3 and 1.0 times as fast when 8 or 16 are stacked; convolutional networks and transformers
# gain nothing. On a GPU, not measured, stacked perceptrons share the launches that bound them.
STACKED_UP_TO = {("mlp", "cpu"): 150_000, ("mlp", "cuda"): 10_000_000}


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
