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
    parser = argparse.ArgumentParser(prog="python -m scaling", description="Neural scaling laws on the command line.")
    choices = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = words[0] if words else ""
    for name in _files.names(COMMANDS):
        summary = _files.summary(COMMANDS / f"{name}.py")
        command = choices.add_parser(name, help=summary, description=summary)
        if name == chosen:  # only the chosen command is imported
            module = importlib.import_module(f"scaling.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    options = parser.parse_args(words)
    try:
        return int(options.run(options))
    except (ValueError, OSError) as error:
        print(f"scaling {options.command}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
