"""`render` makes the whole HTML of one page from the marts: for the night, and for the server.

Nothing on a page is fetched from anywhere and nothing on it runs. Its policy (CSP) allows only its
own style sheet, by hash, and pictures written into it.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import jinja2

from dashboards import formats, tables
from dashboards.charts.canvas import svgs
from dashboards.filters import GRAINS, Filters
from dashboards.marts import Marts
from dashboards.page_names import FILTERED, PAGES
from dashboards.pages import alerts, cost, data, dossier, quality, team, today, turnover
from dashboards.state import norm_title, notices, quiet_days, sentence, worst_state
from dashboards.view import Figure, View

TEMPLATES = Path(__file__).parent / "templates"
Content = Callable[[View], dict[str, Any]]
Kind = TypeVar("Kind")
CONTENTS: Mapping[str, Content] = {
    "index": today.content,
    "quality": quality.content,
    "team": team.content,
    "turnover": turnover.content,
    "cost": cost.content,
    "alerts": alerts.content,
    "data": data.content,
}


@dataclass(frozen=True)
class Reader:
    """For whom a page is: the pages and folders he may open, and whether a server answers him.

    Only a server can filter and hand out tables; a page that the night wrote offers neither.
    """

    pages: tuple[str, ...] = PAGES
    folders: tuple[str, ...] = ()
    is_served: bool = False


def render(
    page: str, filters: Filters, marts: Marts, language: str = "en", reader: Reader | None = None
) -> str:
    """The whole HTML of a page (one of `PAGES`); the same arguments give the same bytes."""
    view = View(marts, filters, formats.load_words(language))
    return _filled(view, page, page, reader or Reader(), CONTENTS[page](view))


def render_dossier(marts: Marts, language: str = "en") -> str:
    """The whole HTML of the dossier of the night of these marts: the same marts, the same bytes."""
    view = View(marts, Filters(), formats.load_words(language))
    return _filled(view, "dossier", "dossier", Reader(), dossier.content(view))


def render_listing(
    folder: str, files: Sequence[str], marts: Marts, language: str, reader: Reader
) -> str:
    """A page that lists the files of a folder, as links to them."""
    view = View(marts, Filters(), formats.load_words(language))
    return _filled(view, folder, "folder", reader, {"files": files})


def render_fault(faults: Sequence[str], language: str) -> str:
    """A page that says why there is none."""
    return _environment(language).get_template("fault.html").render(faults=faults)


def _filled(
    view: View, page: str, template: str, reader: Reader, content: Mapping[str, Any]
) -> str:
    """A template with what all pages show and the content of its own."""
    site = view.marts.site.row(0, named=True)
    return (
        _environment(view.words["language"])
        .get_template(f"{template}.html")
        .render(
            page=page,
            reader=reader,
            filters=view.filters,
            filtered=FILTERED.get(page, ()),
            scopes=_scopes(view),
            site=site,
            notices=notices(view.marts, view.verdicts, view.words),
            quiet=quiet_days(site, view.words),
            sentence=sentence(view.verdicts, view.triggers, view.words),
            state=worst_state(view.verdicts, view.triggers),
            triggers=view.triggers,
            verdicts=view.verdicts,
            units=view.units,
            kinds=view.kinds,
            events=view.events,
            drawn=_pictures_of(content),
            **content,
        )
    )


def page_tables(
    page: str, filters: Filters, marts: Marts, language: str
) -> dict[str, tables.Table]:
    """The tables of a page by name, as it shows them under these filters."""
    view = View(marts, filters, formats.load_words(language))
    return {table.name: table for table in _tables_in(CONTENTS[page](view))}


def _tables_in(content: Any) -> list[tables.Table]:
    """Every table in a page's parts, whatever they are grouped in."""
    alone, in_figures = _found(content, tables.Table), _found(content, Figure)
    return alone + [figure.table for figure in in_figures if figure.table]


def _pictures_of(content: Any) -> dict[int, str]:
    """Every drawing in a page's parts as `<svg>`, by identity: all are drawn at once."""
    figures = _found(content, Figure)
    drawings = [one for figure in figures for one in (figure.pictures or {}).values()]
    return {id(one): drawn for one, drawn in zip(drawings, svgs(drawings), strict=True)}


def _found(part: Any, kind: type[Kind]) -> list[Kind]:
    """Everything of a kind in a page's parts, also in the parts of figures."""
    own = [part] if isinstance(part, kind) else []
    if isinstance(part, Figure):
        return own + _found(part.parts, kind)
    if isinstance(part, Mapping):
        return own + [found for value in part.values() for found in _found(value, kind)]
    if isinstance(part, list | tuple):
        return own + [found for value in part for found in _found(value, kind)]
    return own


def _scopes(view: View) -> dict[str, list[str]]:
    """What can be filtered by: names by kind of scope."""
    found: dict[str, list[str]] = {}
    for kind, scope in view.marts.scopes.sort("scope_kind", "scope").iter_rows():
        if kind != "all":
            found.setdefault(kind, []).append(scope)
    return found


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
    environment.globals |= {
        "words": words,
        "style": style,
        "style_hash": style_hash(),
        "grains": GRAINS,
    }
    environment.filters |= _filters(words)
    return environment


@cache
def style_hash() -> str:
    """The style sheet as a policy (CSP) allows it."""
    style = (TEMPLATES / "style.css").read_bytes()
    return f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"


def _filters(words: formats.Words) -> dict[str, Any]:
    """The functions of `formats`, with the words of the language filled in."""
    return {
        "amount": partial(formats.amount, words=words),
        "count": lambda value: formats.number(value, 0, words),
        "long_day": partial(formats.long_day, words=words),
        "short_day": partial(formats.short_day, words=words),
        "initial": formats.upper_first,
        "titled": lambda name, section: formats.titled(section, name, words),
        "norm_title": partial(norm_title, words=words),
        "interval": lambda row, unit: formats.interval(row["low"], row["high"], unit, words),
        "sample": lambda row, kind: formats.sample(kind, row, words["samples"], words),
        "period": lambda row, grain: formats.period(
            grain, row["period_start"], row["period_end"], words
        ),
        "formula": partial(formats.formula, words=words),
        "parameters": partial(formats.parameters, words=words),
        "identity": id,
        "cells": lambda row, table: tables.cells(table, row, words),
    }
