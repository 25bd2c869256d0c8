"""What a table of an analysis is: one file in this folder, named by the config, that answers a question with numbers.

A table defines

    OPTIONS                                 what it asks for, each key with a kind of value in words
    tabulate(options, tables) -> DataFrame  from the tables that its entry names, in an order that follows from them
"""
