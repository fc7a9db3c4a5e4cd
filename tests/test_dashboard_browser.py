"""The pages in a real browser: closed, whole at any width, readable in light, dark and print."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import marts_fixture as made
import pytest
from browser import FAINT_TEXTS, chromium, opened
from playwright.sync_api import Browser

from dashboards.render import write_site


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sites")
    return {
        name: write_site(made.write_marts(folder / name / "marts", **rows), folder / name / "pages")
        for name, rows in made.three_sites().items()
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("site", ["full", "troubled", "new"])
def test_a_browser_shows_the_page_whole_and_asks_for_nothing_else(
    browser: Browser, sites: dict[str, Path], site: str, width: int
) -> None:
    with opened(browser, sites[site], width) as seen:
        assert seen.complaints == []
        assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        seen.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        assert seen.page.locator("header, main, footer, nav").count() == 4
        assert seen.page.locator("h1").count() == 1
        tiles = {"full": 8, "troubled": 8, "new": 0}
        assert seen.page.locator(".tile").count() == tiles[site]
        assert seen.page.locator(".tile .badge .icon").count() == tiles[site]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("site", ["full", "troubled", "new"])
def test_every_text_stands_out_from_its_background(
    browser: Browser, sites: dict[str, Path], site: str, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, sites[site], 390, scheme) as seen:
        seen.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert seen.page.evaluate(FAINT_TEXTS) == []


def test_charts_follow_the_colour_scheme_and_fill_their_card(
    browser: Browser, sites: dict[str, Path]
) -> None:
    inks = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        with opened(browser, sites["full"], 390, scheme) as seen:
            assert seen.page.locator("svg.chart").count() == 8
            label = seen.page.locator("svg.chart text").first
            inks.append(label.evaluate("text => getComputedStyle(text).fill"))
            box = seen.page.locator("svg.chart").first.bounding_box()
            assert box is not None
            assert 300 < box["width"] < 358
    assert inks[0] != inks[1]


def test_the_keyboard_reaches_the_content_first(browser: Browser, sites: dict[str, Path]) -> None:
    with opened(browser, sites["full"], 390) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.hash") == "#content"


def test_the_page_prints_light_on_a4_also_from_a_dark_screen(
    browser: Browser, sites: dict[str, Path]
) -> None:
    with opened(browser, sites["full"], 690, "dark") as seen:
        seen.page.emulate_media(media="print", color_scheme="dark")
        ground = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        assert seen.page.evaluate(FAINT_TEXTS) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 690
