"""What a benchmark is: one file in this folder, run by `python -m scaling benchmark <name>`.

A benchmark defines

    add_arguments(parser)                  its options
    measure(options) -> Iterator[Number]   measures in one run: medians of several turns, ratios within the run

and the first line of its documentation says what it measures. The command prints, stores and compares the numbers.
"""
