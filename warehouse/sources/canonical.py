"""The canonical columns of `calls/` and `roster/` in delimited text, headers mapped if need be.

What is read, and how each column is called in the file, is in the feed's settings. A row with a
value that cannot be read is rejected with the column's name; what an empty field means is said in
`DEFAULTS`. A leg without an outcome is handled if an agent is named, else abandoned.
"""

import re
import unicodedata
from datetime import date
from pathlib import Path
from textwrap import shorten

import polars as pl

from warehouse.errors import DataRejected
from warehouse.sources import Feed, Reading, values
from warehouse.sources.columns import FEEDS, REQUIRED
from warehouse.sources.text import Table, read_text, sort_out, texts

__all__ = ["VERSION", "read", "texts"]

VERSION = 1

DEFAULTS: dict[str, str | float | bool] = {
    "queue": "unknown",
    "reason": "unknown",
    "talk_seconds": 0.0,
    "hold_seconds": 0.0,
    "wrap_seconds": 0.0,
    "provider": "unknown",
    "role": "agent",
    "fte": 1.0,
    "is_transferred": False,
}
LONGEST_HEADER_SHOWN = 300
KINDS = {
    pl.Float64: "a number",
    pl.Boolean: "yes or no",
    pl.Date: "a date",
    pl.Datetime("us"): "a time",
}


def read(path: Path, feed: Feed, name: str) -> Reading:
    """Read a canonical file; see `warehouse.sources.Adapter`."""
    table = read_text(path, name, feed.encoding, feed.separator)
    fields = table.rows.select(*_fields(table, _columns(table.header, feed, name)), "line")
    parsed = fields.select(
        *(_value(column, kind, feed) for column, kind in FEEDS[feed.name].items()),
        _fault(feed).alias("fault"),
        "line",
    )
    if feed.name == "roster":
        parsed = _dated(parsed, name)
    return sort_out(table, parsed)


def _columns(header: list[str], feed: Feed, name: str) -> dict[str, list[int]]:
    """Where in the header each canonical column is."""
    called = {column: feed.columns.get(column, column) for column in FEEDS[feed.name]}
    found = {column: _places(header, title) for column, title in called.items()}
    needed = dict.fromkeys((*REQUIRED[feed.name], *feed.columns))
    missing = dict.fromkeys(called[column] for column in needed if not found[column])
    several = dict.fromkeys(called[column] for column in called if len(found[column]) > 1)
    faults = []
    if missing:
        faults += [
            f"{name}, line 1: no column {', '.join(missing)} in the header"
            f" ({shorten(', '.join(header), LONGEST_HEADER_SHOWN)}); name the columns in"
            f" [feeds.{feed.name}.columns]"
        ]
    if several:
        faults += [f"{name}, line 1: more than one column {', '.join(several)}; rename the others"]
    if faults:
        raise DataRejected(*faults)
    return found


def _places(header: list[str], title: str) -> list[int]:
    """Columns called so; if there is none, called so but for case, accents, blanks, `_` and `?`."""
    exact = [place for place, field in enumerate(header) if field == title]
    return exact or [place for place, field in enumerate(header) if _plain(field) == _plain(title)]


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title.casefold())
    return "".join(c for c in letters if not (unicodedata.combining(c) or c.isspace() or c in "_?"))


def _fields(table: Table, found: dict[str, list[int]]) -> list[pl.Expr]:
    """Each canonical column as trimmed text; a column the file has not is empty."""
    return [
        (pl.col(table.rows.columns[places[0]]).str.strip_chars() if places else pl.lit("")).alias(
            column
        )
        for column, places in found.items()
    ]


def _read_as(column: str, kind: object, feed: Feed) -> pl.Expr:
    """The column's value, null where the text is empty or cannot be read."""
    text = pl.col(column)
    if kind == pl.Float64:
        return values.number(text, feed.decimal_comma)
    if kind == pl.Boolean:
        return values.boolean(text)
    if kind == pl.Date:
        return values.date(text, feed.date_format)
    if kind == pl.Datetime("us"):
        return values.utc(text, feed.time_zone, feed.date_format)
    return pl.when(text != "").then(text)


def _value(column: str, kind: object, feed: Feed) -> pl.Expr:
    value = _read_as(column, kind, feed)
    if column == "contact_id":
        value = pl.coalesce(value, pl.col("call_id"))
    if column in ("outcome", "role", "leave_reason"):
        value = value.str.to_lowercase()
    if column == "outcome":
        answered = pl.when(pl.col("agent_id") != "").then(pl.lit("handled"))
        value = pl.coalesce(value, answered.otherwise(pl.lit("abandoned")))
    if column in DEFAULTS:
        value = value.fill_null(DEFAULTS[column])
    return value.alias(column)


def _fault(feed: Feed) -> pl.Expr:
    """Which column of the row cannot be read, or null."""
    faults = []
    for column, kind in FEEDS[feed.name].items():
        is_empty = pl.col(column) == ""
        if column in REQUIRED[feed.name]:
            faults.append(pl.when(is_empty).then(pl.lit(f"{column} is empty")))
        if kind in KINDS:
            is_bad = ~is_empty & _read_as(column, kind, feed).is_null()
            faults.append(pl.when(is_bad).then(pl.lit(f"{column} is not {KINDS[kind]}")))
    return pl.coalesce(faults)


def _dated(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """A roster is a snapshot; its date is in the column `snapshot_on` or in the file's name."""
    found = re.search(r"(\d{4})-?(\d{2})-?(\d{2})", Path(name).name)
    try:
        named = date(*map(int, found.groups())) if found else None
    except ValueError:
        named = None
    dated = rows.with_columns(pl.col("snapshot_on").fill_null(pl.lit(named, dtype=pl.Date)))
    if dated.is_empty():
        raise DataRejected(f"{name}: a roster names everybody, this one nobody; deliver it again")
    if dated.filter(pl.col("fault").is_null())["snapshot_on"].null_count():
        raise DataRejected(
            f"{name}: a roster must say its date, in a column snapshot_on or in its name"
            " (roster_2000-03-01.csv)"
        )
    return dated
