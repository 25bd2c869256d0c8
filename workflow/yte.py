"""Stands before the template engine of this name, by which Snakemake reads configuration files and profiles.

The engine runs Python that a file holds; here YAML is data. It is found first where PYTHONPATH names this folder, which
`envs/run` sees to.
"""

import sys
from typing import IO, Any

from scaling.config.yaml_files import FORM, parsed

SWITCH = "__use_yte__"


def process_yaml(file_or_str: IO[str] | str, **options: Any) -> Any:
    """The content of a YAML file; ends the program with one line where it is none, or asks to be run.

    The signature is that of the engine, whose options change nothing here.
    """
    name = str(getattr(file_or_str, "name", "YAML"))
    try:
        content = parsed(file_or_str if isinstance(file_or_str, str) else file_or_str.read())
    except ValueError as error:
        sys.exit(f"{name}: {' '.join(str(error).split())}; allowed: {FORM}")
    if isinstance(content, dict) and SWITCH in content:
        sys.exit(f"{name}: found {SWITCH}; allowed: plain YAML, from which nothing is run")
    return content
