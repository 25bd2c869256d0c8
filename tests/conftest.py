"""What several test files share."""

import os
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
WORKFLOW = REPOSITORY / "tests" / "workflow"
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


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


@pytest.fixture(scope="session")
def as_a_user(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Words before a command that make permissions apply to it, root or not; skips where that cannot be done."""
    if os.geteuid():
        return []
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0)
    try:
        done = subprocess.run([*WITHOUT_ROOTS_RIGHTS, "ls", str(closed)], text=True, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("root may read and write everything, and setpriv is not there to give that up")
    if "Permission denied" not in done.stderr:
        pytest.skip(f"root may read and write everything: {done.stderr}")
    return WITHOUT_ROOTS_RIGHTS
