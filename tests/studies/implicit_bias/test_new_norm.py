"""A norm that nobody has thought of shows up in every figure that compares norms."""

import pandas as pd
import pytest
from tests.studies.implicit_bias import implicit_bias_figures

from scaling import registry, style

NEW = "log_norm_nuclear_sum"


def with_another_norm(table: pd.DataFrame) -> pd.DataFrame:
    frobenius = table[table["clock"] == "log_norm_frobenius"]
    return pd.concat([table, frobenius.assign(clock=NEW)], ignore_index=True)


@pytest.mark.parametrize(("figure", "key"), [("norm_variants", "exponents"), ("clocks", "clocks")])
def test_a_new_norm_is_drawn(figure: str, key: str) -> None:
    tables = getattr(implicit_bias_figures, figure)()
    with style.publication():
        _, before = registry.load("figures", figure).draw(tables)
        drawn, numbers = registry.load("figures", figure).draw(tables | {key: with_another_norm(tables[key])})
    words = [text.get_text() for axis in drawn.axes for text in axis.get_yticklabels()]
    words += [text.get_text() for legend in drawn.legends for text in legend.get_texts()]
    assert "nuclear sum" in words
    assert len(numbers) > len(before)
