"""The canonical columns of each feed, in delimited text, Parquet or a workbook.

How each column is called in the file is in the feed's settings, or found by its header. A row with
a value that cannot be read is rejected with the column's name; what an empty field means is said in
`DEFAULTS`. A leg without an outcome is handled if an agent is named, else abandoned.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources import Feed, Reading, Written, values, wording
from warehouse.sources.callers import customers
from warehouse.sources.columns import FEEDS, IDENTITY, REQUIRED
from warehouse.sources.headers import DURATIONS, Found, find_columns
from warehouse.sources.records import unquoted
from warehouse.sources.tables import read_table
from warehouse.sources.text import Table, sort_out
from warehouse.sources.written import written

VERSION = 5

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
KINDS = {
    pl.Float64: "a number",
    pl.Boolean: "yes or no",
    pl.Date: "a date",
    pl.Datetime("us"): "a time",
}


@dataclass(frozen=True)
class _Notation:
    """How a file writes its values."""

    feed: Feed
    found: dict[str, Found]
    has_typed_cells: bool


def read(path: Path, feed: Feed, name: str) -> Iterator[Reading]:
    """Read a canonical file; see `warehouse.sources.Adapter`."""
    rows, columns = 0, tuple[Written, ...]()
    for table in read_table(path, name, feed):
        found = find_columns(table.header, feed, name)
        parsed = _parsed(table, found, feed, name)
        rows += parsed.height
        reading = sort_out(_recognised(table, found, feed), parsed)
        doubtful = _taken_for_first_hour(table, parsed, found, feed)
        if not any(column.kind for column in columns):
            columns = written(table, found)
        yield replace(reading, columns=columns, taken_for_first_hour=doubtful)
    if feed.name == "roster" and not rows:
        raise DataRejected(
            fault("{name}: a roster names everybody, this one nobody; deliver it again", name=name)
        )


def _taken_for_first_hour(
    table: Table, parsed: pl.DataFrame, found: dict[str, Found], feed: Feed
) -> int:
    where = found.get("queued_at")
    if not where or where.is_utc or values.SAYS_OFFSET.search(feed.date_format or ""):
        return 0
    said = table.rows[table.rows.columns[where.places[-1]]]
    times = parsed.select(pl.when(pl.col("fault").is_null()).then("queued_at"))
    return values.taken_for_first_hour(said, times.to_series(), feed.time_zone)


def _recognised(table: Table, found: dict[str, Found], feed: Feed) -> Table:
    """The table, and which rows its ragged ones seem to be, so that a later one can correct them.

    If a cell is in the wrong place, no other row has its content for a name: nothing is closed.
    """
    if "cells" not in table.rejected.columns:
        return table
    _, known_by = IDENTITY.get(feed.name, ("", ()))
    cells = {
        column: unquoted(pl.col("cells").list.get(place, null_on_oob=True), '"').str.strip_chars()
        for column in known_by
        if FEEDS[feed.name].get(column) == pl.String
        for place in found[column].places
    }
    names = (pl.when(cell != "").then(cell).alias(column) for column, cell in cells.items())
    return replace(table, rejected=table.rejected.with_columns(*names))


def _parsed(table: Table, found: dict[str, Found], feed: Feed, name: str) -> pl.DataFrame:
    """The table in canonical columns, with its `line` and what is wrong with a row: its `fault`."""
    fields = table.rows.select(*_fields(table, found), "line")
    fields = fields.with_columns(_in_our_words(fields, found, table.header, feed))
    notation = _Notation(feed, found, table.has_typed_cells)
    columns = FEEDS[feed.name]
    read_once = fields.with_columns(
        _read_as(column, kind, notation).alias(_typed(column)) for column, kind in columns.items()
    )
    read_once = read_once.with_columns(_clocked(read_once))
    parsed = read_once.select(
        *(_value(column).alias(column) for column in columns),
        _fault(feed.name).alias("fault"),
        "line",
    )
    return _dated(parsed, name) if feed.name == "roster" else parsed


def _fields(table: Table, found: dict[str, Found]) -> list[pl.Expr]:
    """Each canonical column as trimmed text; a column the file has not is empty."""
    fields = []
    for column, where in found.items():
        cells = [pl.col(table.rows.columns[place]) for place in where.places]
        parts = cells if table.is_trimmed else [cell.str.strip_chars() for cell in cells]
        field = values.joined(*parts) if len(parts) > 1 else (parts or [pl.lit("")])[0]
        fields.append(field.alias(column))
    return fields


def _in_our_words(
    fields: pl.DataFrame, found: dict[str, Found], header: list[str], feed: Feed
) -> list[pl.Series]:
    """The columns that hold words of a list, translated, and who called."""
    words = []
    if "customer_id" in found and found["customer_id"].places:
        words.append(customers(fields["customer_id"], feed.country_code))
    if "outcome" in found and found["outcome"].places:
        title = header[found["outcome"].places[0]]
        words.append(wording.outcomes(fields["outcome"], title, feed.outcomes))
    if "leave_reason" in found and found["leave_reason"].places:
        words.append(wording.leave_reasons(fields["leave_reason"], feed.leave_reasons))
    if "currency" in found and found["currency"].places:
        words.append(wording.currencies(fields["currency"]))
    return words


def _clocked(read_once: pl.DataFrame) -> list[pl.Expr]:
    """Durations as h:mm:ss, of columns that have any; to look for them in others costs time."""
    return [
        pl.coalesce(_typed(column), values.clocked(pl.col(column))).alias(_typed(column))
        for column in DURATIONS
        if column in read_once.columns
        and read_once[_typed(column)].null_count()
        and read_once[column].str.contains(":", literal=True).any()
    ]


def _read_as(column: str, kind: object, notation: _Notation) -> pl.Expr:
    """The column's value, null where the text is empty or cannot be read."""
    text = pl.col(column)
    if kind == pl.Float64:
        return _number(column, notation)
    if kind == pl.Boolean:
        return values.boolean(text)
    if kind == pl.Date:
        day = values.date(text, notation.feed.date_format)
        return pl.coalesce(values.date(text), day) if notation.has_typed_cells else day
    if kind == pl.Datetime("us"):
        return _time(column, notation)
    return pl.when(text != "").then(text)


def _number(column: str, notation: _Notation) -> pl.Expr:
    text = pl.col(column)
    amount = values.number(text, notation.feed.decimal_comma)
    if notation.has_typed_cells and notation.feed.decimal_comma:
        amount = pl.coalesce(amount, values.typed_number(text))
    if column not in DURATIONS:
        return amount
    return values.in_seconds(amount, notation.found[column].unit or notation.feed.duration_unit)


def _time(column: str, notation: _Notation) -> pl.Expr:
    text, where, date_format = pl.col(column), notation.found[column], notation.feed.date_format
    zone = "UTC" if where.is_utc else notation.feed.time_zone
    if len(where.places) > 1:
        date_format = values.joined_format(date_format)
    time = values.utc(text, zone, date_format)
    return pl.coalesce(values.utc(text, zone), time) if notation.has_typed_cells else time


def _typed(column: str) -> str:
    """Where the value of a column is, beside its text."""
    return f"typed {column}"


def _value(column: str) -> pl.Expr:
    value = pl.col(_typed(column))
    if column == "contact_id":
        value = pl.coalesce(value, pl.col("call_id"))
    if column in ("outcome", "role", "leave_reason"):
        value = value.str.to_lowercase()
    if column == "outcome":
        answered = pl.when(pl.col("agent_id") != "").then(pl.lit("handled"))
        value = pl.coalesce(value, answered.otherwise(pl.lit("abandoned")))
    if column in DEFAULTS:
        value = value.fill_null(DEFAULTS[column])
    return value


def _fault(feed: str) -> pl.Expr:
    """Which column of the row cannot be read, or null."""
    faults = []
    for column, kind in FEEDS[feed].items():
        is_empty = pl.col(column) == ""
        if column in REQUIRED[feed]:
            faults.append(pl.when(is_empty).then(pl.lit(f"{column} is empty")))
        if kind in KINDS:
            is_bad = ~is_empty & pl.col(_typed(column)).is_null()
            faults.append(pl.when(is_bad).then(pl.lit(f"{column} is not {KINDS[kind]}")))
    return pl.coalesce(faults)


def _dated(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """A roster is a snapshot; its date is in the column `snapshot_on` or in the file's name."""
    named = pl.lit(named_day(name), dtype=pl.Date)
    dated = rows.with_columns(pl.col("snapshot_on").fill_null(named))
    if dated.filter(pl.col("fault").is_null())["snapshot_on"].null_count():
        raise DataRejected(
            fault(
                "{name}: a roster must say its date, in a column snapshot_on or in its name"
                " (roster_2000-03-01.csv)",
                name=name,
            )
        )
    return dated


def named_day(name: str) -> date | None:
    """The date in a file's name (roster_2000-03-01.csv, 20000301.xlsx), the first that is one."""
    for found in re.finditer(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})", Path(name).name):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            continue
    return None
