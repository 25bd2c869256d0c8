"""Every source of curves declares each column that its points have: else they could not be written."""

from pathlib import Path
from typing import Any

import pytest

from scaling import records, registry
from scaling.curves import COLUMNS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "datasets"
OPTIONS: dict[str, dict[str, Any]] = {
    "addition": {"fit_points": 14},
    "noiseless_addition": {"fit_points": [350]},
    "chinchilla_grid": {"noise": 0.004},
    "published_benchmark": {},
    "published_chinchilla": {},
    "published_double_descent": {},
    "reference_curves": {},
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_source_declares_its_columns(name: str) -> None:
    plugin, options = registry.load("curves", name), {"name": name, **OPTIONS[name]}
    inputs = []
    if hasattr(plugin, "files"):
        if not SHARED.is_dir():
            pytest.skip(f"{SHARED} is not beside this repository")
        inputs = plugin.files(options, SHARED)
    points = plugin.points(options, inputs)
    declared = {**COLUMNS, **getattr(plugin, "COLUMNS", {})}
    assert len(records.complete(points, declared)) > 10
