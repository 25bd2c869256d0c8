"""Neural scaling laws: theory, simulation, trained networks and fitted laws in one frame."""

from scaling.version import __version__ as __version__
