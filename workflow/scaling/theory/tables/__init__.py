"""What a table of a theory is: one file in this folder, named by the config, that solves a theory on a grid.

A table defines

    OPTIONS                                          what it asks for, each key with a kind of value in words
    tabulate(options) -> dict[str, NDArray]          columns of equal length; together they tell the rows apart

and takes images as a second argument where its entry names a data set.
"""
