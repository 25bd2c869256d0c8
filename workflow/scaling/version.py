"""The version of the library; it decides no number, so that a new one reruns nothing."""

__version__ = "0.2.0"
