"""What all tests share: a Prefect that keeps to itself, and the folder of real data."""

import os
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Before anything imports Prefect: runs leave nothing in the home folder and tell nobody.

    The server gets longer than 20 s to start, because it shares a busy machine.
    """
    home = tempfile.TemporaryDirectory(prefix="prefect-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ.update(
        PREFECT_HOME=home.name,
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="120",
        PREFECT_LOGGING_LEVEL="CRITICAL",
        PREFECT_LOGGING_TO_API_ENABLED="false",
        DO_NOT_TRACK="1",
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real call log; without it a test is skipped, in CI it fails."""
    folder = Path(os.environ.get("FTCI_QOS_SHARED", ROOT.parent / "shared")).resolve()
    if not folder.is_dir():
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say(f"The real call log is not here: there is no {folder}; set FTCI_QOS_SHARED to it.")
    return folder
