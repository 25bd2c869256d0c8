"""What several test files share."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
WORKFLOW = REPOSITORY / "tests" / "workflow"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--ledger", help="claims.csv of a laptop run, which the README's table must agree with")
    parser.addoption(
        "--smoke", action="store_true", help="test results/smoke of this folder instead of a run made for it"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its tier: nightly where it says so, else workflow below tests/workflow, and fast elsewhere."""
    for item in items:
        if not item.get_closest_marker("nightly"):
            item.add_marker("workflow" if WORKFLOW in item.path.parents else "fast")


@pytest.fixture(scope="session")
def shared_datasets() -> Path:
    """The folder of published images and curves, which travels beside the repository; skips where it is absent."""
    folder = Path(os.environ.get("SCALING_SHARED_DATASETS", REPOSITORY.parent / "shared" / "datasets"))
    if not folder.is_dir():
        pytest.skip(f"the published data sets are not at {folder} (SCALING_SHARED_DATASETS names another place)")
    return folder
