"""Tables that a page shows and that can be taken along as CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards import formats
from dashboards.formats import Words
from dashboards.told import told

Row = Mapping[str, Any]

# A cell that begins like this is run as a formula by spreadsheets; an apostrophe makes it text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"  # or Excel takes UTF-8 for the machine's own encoding


@dataclass(frozen=True)
class Column:
    """One column of the page, and one or more of the CSV: the fields of a row it is made of.

    `form`: `text`, `told` (see `dashboards.told`), `day`, `count`, `plain` (a number),
    `titled:SECTION`, `period:GRAIN` (start and end), `interval:UNIT` (low and high),
    `counted:KIND` (numerator and denominator), or a unit.
    """

    heading: str
    form: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows in the order in which they are read; the first column names them.

    A row with a true `is_suppressed` shows that it is withheld instead of its figures.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str | None = None


def cells(table: Table, row: Row, words: Words) -> list[str]:
    """A row as people read it, one text a column."""
    return [
        words["tables"]["suppressed"] if is_closed(row, column) else _text(row, column, words)
        for column in table.columns
    ]


def is_closed(row: Row, column: Column) -> bool:
    """Whether this is a figure of a group that is too small to be shown."""
    return bool(row.get("is_suppressed")) and not column.form.startswith(
        ("period", "text", "told", "titled")
    )


def as_csv(table: Table, words: Words) -> str:
    """The table for a spreadsheet in the language's form, every figure with all its digits."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=words["csv"]["separator"], lineterminator="\r\n")
    fields = [field for column in table.columns for field in column.fields]
    has_closed = any("is_suppressed" in row for row in table.rows)
    fields += ["is_suppressed"] * has_closed
    writer.writerow(fields)
    decimal = words["csv"]["decimal"]
    writer.writerows([_raw(row.get(field), decimal) for field in fields] for row in table.rows)
    return BYTE_ORDER_MARK + text.getvalue()


def _text(row: Row, column: Column, words: Words) -> str:
    form, _, detail = column.form.partition(":")
    values: list[Any] = [row.get(field) for field in column.fields]
    several: dict[str, Callable[[], str]] = {
        "period": lambda: formats.period(detail, values[0], values[1], words),
        "interval": lambda: formats.interval(values[0], values[1], detail, words),
        "counted": lambda: formats.sample(detail, row, words["counts"], words),
    }
    if form in several:
        return several[form]()
    return _single(values[0], form, detail, words)


def _single(value: Any, form: str, detail: str, words: Words) -> str:
    """A cell that is made of one field."""
    if value is None:
        return str(words["none"])
    plain: dict[str, Callable[[], str]] = {
        "text": lambda: str(value),
        "told": lambda: told(str(value), words),
        "titled": lambda: formats.titled(detail, str(value), words),
        "day": lambda: formats.short_day(value, words),
        "count": lambda: formats.number(value, 0, words),
        "plain": lambda: formats.number(value, 2, words, trim=True),
    }
    return plain[form]() if form in plain else formats.amount(value, form, words)


def _raw(value: Any, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(value).replace(".", decimal)
    if isinstance(value, int | date):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
