"""The pages as a site of files, put in place by one link."""

import shutil
from pathlib import Path

from dashboards.filters import Filters
from dashboards.marts import read_marts
from dashboards.page_names import PAGES
from dashboards.render import render

KEPT_SITES = 2  # the one in use, and the one that somebody may still be reading


def write_site(marts_folder: Path, pages_folder: Path, language: str = "en") -> Path:
    """Write all pages into a fresh folder, point `current` at it, and return the first page.

    `marts_folder` holds the Parquet files or is a link to the folder that does. The site before
    stays for those who are reading it; older ones go. One writer at a time.
    """
    marts = read_marts(marts_folder)
    pages_folder.mkdir(parents=True, exist_ok=True)
    fresh = pages_folder / f"{_newest_number(pages_folder) + 1:06d}"
    unfinished = fresh.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for page in PAGES:
        html = render(page, Filters(), marts, language)
        (unfinished / f"{page}.html").write_text(html, encoding="utf-8")
    unfinished.rename(fresh)
    _point_to(fresh, pages_folder / "current")
    for old in _numbered(pages_folder)[:-KEPT_SITES]:
        shutil.rmtree(old)
    return pages_folder / "current" / "index.html"


def _point_to(folder: Path, link: Path) -> None:
    """Readers find the old folder or the new one, never neither."""
    new_link = link.with_suffix(".new")
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(folder.name)
    new_link.replace(link)


def _numbered(pages_folder: Path) -> list[Path]:
    return sorted(path for path in pages_folder.iterdir() if path.name.isdecimal())


def _newest_number(pages_folder: Path) -> int:
    return max((int(path.name) for path in _numbered(pages_folder)), default=0)
