"""What a number was made from, on a small configuration whose ways are known."""

from scaling.ledger.lineage import Entry, figures_of, made_from, maker, read_by

CONFIG = {
    "training": {"grid": {"dataset": "digits"}},
    "theory": {"exact": {}},
    "simulation": {},
    "curves": {
        "errors": {"source": {"name": "table_columns", "table": "curves/grid/learning_curves"}},
        "own": {"source": {}},
    },
    "laws": {"power": {"curves": "errors"}},
    "analysis": {"slopes": {"tables": {"a": "curves/grid/learning_curves", "b": "simulation/gone/results"}}},
    "figures": {
        "both": {"x": "analysis/slopes/answer", "y": "laws/power/parameters"},
        "one": {"x": "laws/power/parameters"},
        "other": {"x": "theory/exact/solution"},
    },
    "claims": {"slope": {"tables": {"p": "laws/power/parameters", "q": "analysis/slopes/answer"}}},
}


def test_the_place_of_a_table_names_its_maker() -> None:
    assert maker("curves/grid/learning_curves") == ("training", "grid")
    assert maker("curves/errors/points") == ("curves", "errors")
    assert maker("laws/power/predictions") == ("laws", "power")


def test_entries_read_tables_by_their_kind() -> None:
    assert read_by(CONFIG, Entry("laws", "power")) == ["curves/errors/points"]
    assert read_by(CONFIG, Entry("curves", "errors")) == ["curves/grid/learning_curves"]
    assert read_by(CONFIG, Entry("curves", "own")) == []
    assert read_by(CONFIG, Entry("theory", "exact")) == []


def test_a_claim_rests_on_all_that_lies_below_it_once_and_nearest_first() -> None:
    found = [str(entry) for entry in made_from(CONFIG, Entry("claims", "slope"))]
    assert found == ["laws.power", "analysis.slopes", "curves.errors", "training.grid"]


def test_figures_that_share_most_tables_come_first() -> None:
    assert figures_of(CONFIG, "slope") == ["both", "one"]
