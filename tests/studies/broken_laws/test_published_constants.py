"""Curves that are made from published constants are made from those that the claims are measured against."""

from pathlib import Path

import pytest
import yaml

from scaling import rooms
from scaling.config.claims import of_room
from scaling.curves import chinchilla_grid, noiseless_addition

FILE = Path(rooms.WORKFLOW, "studies", "broken_laws", "claims.yaml")
PUBLISHED = {
    name: claim.get("published")
    for name, claim in of_room(yaml.safe_load(FILE.read_text(encoding="utf-8")), "broken_laws", "C", FILE.name).items()
}


def test_the_noiseless_curve_has_the_published_parameters() -> None:
    published = [PUBLISHED[f"C_addition_{name}"] for name in ("limit", "break", "sharpness")]
    assert published == [noiseless_addition.A, noiseless_addition.D, noiseless_addition.F]


def test_the_grid_of_runs_has_the_published_exponents() -> None:
    alpha, beta = chinchilla_grid.ALPHA, chinchilla_grid.BETA
    assert [PUBLISHED["chinchilla_alpha"], PUBLISHED["chinchilla_beta"]] == [alpha, beta]
    assert PUBLISHED["chinchilla_exponent"] == pytest.approx(beta / (alpha + beta), abs=5e-5)
