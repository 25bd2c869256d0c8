"""What a benchmark is: one file in this folder, run by `python -m scaling benchmark <name>`.

A benchmark defines

    add_arguments(parser)      its options
    run(options) -> int        measures in one run, writes a table and a figure; 1 when something that must be is missed

and the first line of its documentation says what it measures.
"""
