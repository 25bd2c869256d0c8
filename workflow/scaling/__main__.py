"""`python -m scaling COMMAND …`: what can be done without Snakemake. Each command is a file in scaling/commands."""

import argparse
import importlib
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence

from scaling.commands import _files
from scaling.commands._overview import overview

COMMANDS = _files.PACKAGE / "commands"
STOPPED = 130  # the status of a program that a person stopped


def main(words: Sequence[str]) -> int:
    """Run the command that the first word names, with the others; without words, list what there is.

    Whatever goes wrong is said in one line; the traceback of what we did not think of goes to a file.
    """
    for stream in (sys.stdout, sys.stderr):  # what a terminal cannot show is written as its number
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(words)
    except KeyboardInterrupt:
        message, status = "stopped", STOPPED
    except BrokenPipeError:  # who reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        message, status = _in_words(error), 1
    print(f"scaling {words[0] if words else ''}: {message}", file=sys.stderr)
    return status


def _in_words(error: Exception) -> str:
    """One line for an error."""
    if isinstance(error, ModuleNotFoundError) and not (error.name or "scaling").startswith("scaling"):
        return f"needs the package {error.name}, which is not installed here: envs/run has all packages"
    if isinstance(error, MemoryError):
        return "out of memory; ask for less, or use a machine with more"
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, ValueError | OSError):
        return str(error)
    with tempfile.NamedTemporaryFile("w", prefix="scaling-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    return f"a fault of ours, {type(error).__name__}: {' '.join(str(error).split())} (details: {log.name})"


def _run(words: Sequence[str]) -> int:
    if not words:
        print(overview(COMMANDS))
        return 0
    parser = argparse.ArgumentParser(prog="python -m scaling", description="Neural scaling laws on the command line.")
    choices = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = words[0]
    for name in _files.names(COMMANDS):
        summary = _files.summary(COMMANDS / f"{name}.py")
        command = choices.add_parser(name, help=summary, description=summary)
        if name == chosen:  # only the chosen command is imported
            module = importlib.import_module(f"scaling.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    options = parser.parse_args(words)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
