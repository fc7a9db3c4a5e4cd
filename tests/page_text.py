"""What is read on a page, for tests."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import marts_fixture as made

from dashboards.site import write_site

Rows = list[dict[str, Any]]


def text_of(html: str) -> str:
    """What is read, without tags, on one line, every blank a plain one."""
    body = html[html.index("<body>") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(tmp_path: Path, name: str, **rows: Rows) -> str:
    """The text of a page made from small marts: a site, and what is given."""
    marts = made.write_marts(tmp_path / "marts", **{"site": made.site()} | rows)
    return text_of((write_site(marts, tmp_path / "pages").parent / f"{name}.html").read_text())
