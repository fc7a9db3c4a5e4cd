"""The pages in a real browser: closed, whole at any width, readable in light, dark and print."""

import re
from collections.abc import Iterator
from pathlib import Path

import marts_fixture as made
import pytest
from browser import FAINT_TEXTS, Scheme, axe_violations, chromium, opened
from playwright.sync_api import Browser

from dashboards.page_names import PAGES
from dashboards.site import write_site

PHONE, DESK = 390, 1280
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of pages: full, after a rejected night on old data, new, and full in French."""
    folder = tmp_path_factory.mktemp("sites")
    marts = {
        name: made.write_marts(folder / name / "marts", **rows)
        for name, rows in made.three_sites().items()
    }
    sites = {
        name: write_site(where, folder / name / "pages").parent for name, where in marts.items()
    }
    return sites | {"french": write_site(marts["full"], folder / "french", "fr").parent}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("site", "width"), [("full", PHONE), ("full", DESK), ("new", PHONE)])
def test_a_browser_shows_every_page_whole_and_asks_for_nothing_else(
    browser: Browser, sites: dict[str, Path], site: str, page: str, width: int
) -> None:
    with opened(browser, sites[site] / f"{page}.html", width) as seen:
        assert seen.complaints == []
        assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        seen.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        assert seen.page.locator("header, main, footer, nav").count() == 4
        assert seen.page.locator("h1").count() == 1
        assert seen.page.locator("nav [aria-current=page]").count() == 1
        assert seen.page.locator("form").count() == 0, "nothing would answer it"


@pytest.mark.parametrize(
    ("site", "page"),
    [*((site, page) for site in ("full", "new") for page in PAGES), ("french", "index")],
)
def test_axe_finds_no_violation(
    browser: Browser, sites: dict[str, Path], site: str, page: str
) -> None:
    with opened(browser, sites[site] / f"{page}.html", PHONE) as seen:
        assert axe_violations(seen.page) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_text_stands_out_from_its_background_in_the_dark(
    browser: Browser, sites: dict[str, Path], page: str
) -> None:
    with opened(browser, sites["full"] / f"{page}.html", PHONE, "dark") as seen:
        seen.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert seen.page.evaluate(FAINT_TEXTS) == []


def test_links_lead_from_page_to_page(browser: Browser, sites: dict[str, Path]) -> None:
    with opened(browser, sites["full"] / "index.html", PHONE) as seen:
        for page in PAGES[1:] + PAGES[:1]:
            seen.page.locator(f"nav a[href='{page}.html']").click()
            assert seen.page.url.endswith(f"/{page}.html")


def test_what_is_wrong_with_the_data_stands_above_all_else(
    browser: Browser, sites: dict[str, Path]
) -> None:
    with opened(browser, sites["troubled"] / "index.html", PHONE) as seen:
        tops = seen.page.locator("main .notice, main .state, main .tile").evaluate_all(
            "all => all.map(one => [one.classList[0], one.getBoundingClientRect().top])"
        )
        kinds = [kind for kind, _ in sorted(tops, key=lambda found: float(found[1]))]
        assert kinds[:3] == ["notice", "notice", "state"]
        assert seen.page.locator(".tile").count() == 8


def test_a_phone_gets_a_chart_of_its_own_and_a_desk_a_wide_one(
    browser: Browser, sites: dict[str, Path]
) -> None:
    for width, shown, hidden in ((PHONE, "phone", "wide"), (DESK, "wide", "phone")):
        with opened(browser, sites["full"] / "quality.html", width) as seen:
            assert not seen.page.locator(f".picture.{hidden}").first.is_visible()
            chart = seen.page.locator(f".picture.{shown} .chart").first
            drawn = chart.evaluate("chart => chart.viewBox.baseVal.width")
            box = chart.bounding_box()
            assert box is not None
            assert 0.85 < box["width"] / drawn < 1.2, "texts keep about their own size"


def test_charts_follow_the_colour_scheme(browser: Browser, sites: dict[str, Path]) -> None:
    inks = []
    for scheme in SCHEMES:
        with opened(browser, sites["full"] / "quality.html", PHONE, scheme) as seen:
            label = seen.page.locator("svg.chart text").first
            inks.append(label.evaluate("text => getComputedStyle(text).fill"))
    assert inks[0] != inks[1]


def test_the_keyboard_reaches_the_content_first_and_then_the_pages(
    browser: Browser, sites: dict[str, Path]
) -> None:
    with opened(browser, sites["full"] / "index.html", PHONE) as seen:
        reached = []
        for _ in range(len(PAGES) + 1):
            seen.page.keyboard.press("Tab")
            reached.append(seen.page.evaluate("document.activeElement.getAttribute('href')"))
        assert reached == ["#content", *(f"{page}.html" for page in PAGES)]


@pytest.mark.parametrize("page", ["index", "quality"])
def test_a_page_prints_light_on_a4_also_from_a_dark_screen(
    browser: Browser, sites: dict[str, Path], page: str
) -> None:
    with opened(browser, sites["full"] / f"{page}.html", 690, "dark") as seen:
        seen.page.emulate_media(media="print", color_scheme="dark")
        ground = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        assert seen.page.evaluate(FAINT_TEXTS) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 690
        paper = seen.page.pdf(prefer_css_page_size=True)
        sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
        assert {(round(float(width)), round(float(height))) for width, height in sizes} == {
            (595, 842)
        }
