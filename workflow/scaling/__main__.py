"""`python -m scaling COMMAND …`: what can be done without Snakemake. Each command is a file in scaling/commands."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from scaling.commands import _files
from scaling.commands._overview import overview

COMMANDS = _files.PACKAGE / "commands"


def main(words: Sequence[str]) -> int:
    """Run the command that the first word names, with the others; without words, list what there is."""
    if not words:
        print(overview(COMMANDS))
        return 0
    try:
        return _run(words)
    except ModuleNotFoundError as error:
        if (error.name or "scaling").startswith("scaling"):
            raise
        message = f"needs the package {error.name}, which is not installed here: envs/run has all packages"
    except (ValueError, OSError) as error:
        message = str(error)
    print(f"scaling {words[0]}: {message}", file=sys.stderr)
    return 1


def _run(words: Sequence[str]) -> int:
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
