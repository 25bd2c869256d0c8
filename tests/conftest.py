"""What several test files share."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--ledger", help="claims.csv of a laptop run, which the README's table must agree with")


@pytest.fixture(scope="session")
def shared_datasets() -> Path:
    """The folder of published images and curves, which travels beside the repository; skips where it is absent."""
    folder = Path(os.environ.get("SCALING_SHARED_DATASETS", REPOSITORY.parent / "shared" / "datasets"))
    if not folder.is_dir():
        pytest.skip(f"the published data sets are not at {folder} (SCALING_SHARED_DATASETS names another place)")
    return folder
