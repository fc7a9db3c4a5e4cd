"""Pages for the manager: `render` makes one from the marts, `write_site` puts all in place.

Nothing on a page is fetched from anywhere and nothing on it runs. Its policy (CSP) allows only its
own style sheet, by hash, and pictures written into it.
"""

import base64
import hashlib
import shutil
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2

from dashboards import formats
from dashboards.health import health
from dashboards.marts import Marts, read_marts
from dashboards.state import (
    in_force,
    norm_title,
    notices,
    quiet_days,
    sentence,
    verdicts_worst_first,
    worst_state,
)
from dashboards.trends import Filters, cards

PAGES = ("index",)
KEPT_SITES = 2
TEMPLATES = Path(__file__).parent / "templates"


def render(page: str, filters: Filters, marts: Marts, language: str = "en") -> str:
    """The whole HTML of a page (`index`); the same arguments give the same bytes."""
    words = formats.load_words(language)
    verdicts = verdicts_worst_first(marts)
    triggers = in_force(marts.triggers).sort("trigger").to_dicts()
    site = marts.site.row(0, named=True)
    return (
        _environment(language)
        .get_template(f"{page}.html")
        .render(
            site=site,
            notices=notices(marts, verdicts, words),
            quiet=quiet_days(site, words),
            sentence=sentence(verdicts, triggers, words),
            state=worst_state(verdicts, triggers),
            triggers=triggers,
            verdicts=verdicts,
            units=dict(marts.definitions.select("metric", "unit").iter_rows()),
            kinds=dict(marts.definitions.select("metric", "kind").iter_rows()),
            cards=cards(marts, verdicts, filters, words),
            incidents=marts.incidents.filter(state="open").sort("is_muted", "opened_on"),
            health=health(marts),
            definitions=marts.definitions.sort("metric", "version"),
        )
    )


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


@cache
def _environment(language: str) -> jinja2.Environment:
    """Templates that escape what they are given and know how the language writes figures."""
    words = formats.load_words(language)
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "style": style, "style_hash": _csp_hash(style)}
    environment.filters |= _filters(words)
    return environment


def _filters(words: formats.Words) -> dict[str, Any]:
    """The functions of `formats`, with the words of the language filled in."""
    return {
        "amount": partial(formats.amount, words=words),
        "count": lambda value: formats.number(value, 0, words),
        "long_day": partial(formats.long_day, words=words),
        "short_day": partial(formats.short_day, words=words),
        "initial": lambda text: text[:1].upper() + text[1:],
        "titled": lambda name, section: formats.titled(section, name, words),
        "norm_title": partial(norm_title, words=words),
        "interval": lambda row, unit: formats.interval(row["low"], row["high"], unit, words),
        "sample": lambda row, kind: formats.sample(kind, row, words["samples"], words),
        "counted": lambda row, kind: formats.sample(kind, row, words["counts"], words),
        "period": lambda row, grain: formats.period(
            grain, row["period_start"], row["period_end"], words
        ),
    }


def _csp_hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
