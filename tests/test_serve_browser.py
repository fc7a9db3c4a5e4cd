"""The server in a real browser: login, filters, download, and nothing asked of anybody else."""

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import marts_fixture as made
import pytest
import uvicorn
from browser import axe_violations, chromium, opened
from playwright.sync_api import Browser, HttpCredentials

from dashboards.access import Access, User, hash_of
from dashboards.page_names import PAGES
from dashboards.serve import Served, application
from flows.dashboard_settings import ROLES

PHONE, DESK = 390, 1280
PASSWORD = "correct horse battery"
LOGIN: HttpCredentials = {"username": "claire", "password": PASSWORD}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a free port of loopback, with one user."""
    home = tmp_path_factory.mktemp("served")
    made.write_marts(home / "marts", **made.full_site())
    access = Access(ROLES, {"claire": User("director", hash_of(PASSWORD))})
    app = application(Served(home / "marts", "en", {"dossier": home}), access, ("127.0.0.1",))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("page", [*(f"{page}.html" for page in PAGES), "dossier/"])
def test_every_served_page_is_whole_and_asks_nobody_else(
    browser: Browser, address: str, page: str, width: int
) -> None:
    with opened(browser, f"{address}/{page}", width, credentials=LOGIN) as seen:
        assert seen.complaints == []
        hosts = {urlsplit(url).netloc for url in seen.requests if not url.startswith("data:")}
        assert hosts == {urlsplit(address).netloc}
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width


def test_filters_are_worked_by_keyboard_and_stand_in_the_address(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}/quality.html", PHONE, credentials=LOGIN) as seen:
        assert axe_violations(seen.page) == []
        seen.page.get_by_label("Part of the service").select_option("reason:invoice")
        seen.page.get_by_label("Grain").select_option("week")
        seen.page.get_by_label("From").fill("2026-01-05")
        seen.page.get_by_label("Grain").press("Tab")
        with seen.page.expect_navigation():
            seen.page.get_by_role("button", name="Show").press("Enter")
        assert urlsplit(seen.page.url).query == (
            "from=2026-01-05&to=&grain=week&scope=reason%3Ainvoice"
        )
        assert seen.page.get_by_label("Part of the service").input_value() == "reason:invoice"
        assert "No figures with these filters" in seen.page.content()
        with seen.page.expect_navigation():
            seen.page.get_by_role("link", name="Show all").click()
        assert seen.page.url == f"{address}/quality.html"
        assert seen.complaints == []


def test_a_table_is_taken_along_as_it_is_filtered(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with opened(
        browser, f"{address}/quality.html?from=2026-03-01", DESK, credentials=LOGIN
    ) as seen:
        seen.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        with seen.page.expect_download() as download:
            seen.page.get_by_role("link", name="Service level, by week as CSV").click()
        assert download.value.suggested_filename == "quality-service_level-2026-03-31.csv"
        saved = tmp_path / "table.csv"
        download.value.save_as(saved)
        lines = saved.read_text(encoding="utf-8-sig").splitlines()
        assert lines[0].startswith("period_start,period_end,value,low,high")
        assert [line[:10] for line in lines[1:3]] == ["2026-03-23", "2026-03-16"]
