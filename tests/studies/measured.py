"""Measures of claims, called on small tables."""

from typing import Any

import pandas as pd

from scaling.ledger import measures
from scaling.ledger.verdicts import Measurement


def measure(place: str, tables: dict[str, pd.DataFrame], **options: Any) -> Measurement:
    """What the measure at a place, `study.name`, makes of some tables."""
    study, _, name = place.partition(".")
    return measures.function(study, name)(tables, **options)
