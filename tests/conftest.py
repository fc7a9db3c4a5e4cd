"""What all tests share: a Prefect that keeps to itself, and the folder of real data."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_slack import TOKEN
from slack_site import Site, made_site, use_clock

from warehouse.operations.database import open_operations

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


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A fresh operations.db; to copy it is quicker than to make it two hundred times."""
    path = tmp_path_factory.mktemp("empty") / "operations.db"
    open_operations(path).close()
    return path.read_bytes()


@pytest.fixture
def slack_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment in which messages go to the small Slack."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site(
    tmp_path: Path, empty: bytes, slack_token: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """A site whose messages go to a small Slack."""
    with made_site(tmp_path, empty) as site:
        use_clock(site.clock, monkeypatch)
        yield site
