"""Lines cut into fields, and put together where a quoted field goes on over several lines.

A field that begins with a quote ends at the next quote that is not doubled (RFC 4180); elsewhere a
quote is a character like any other. A quote that never closes must not swallow what follows: it
costs its own line, and reading goes on behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

MOST_LINES = 100
LONGEST_BYTES = 1 << 20


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart; `quote` is "" where nothing is quoted."""

    separator: str
    quote: str

    @property
    def field(self) -> str:
        """A separator and the field behind it: quoted, or not, or nothing but blanks."""
        apart, q = self._codes()
        return rf"{apart}(?: *{q}(?:[^{q}]|{q}{q})*{q} *| *[^{q}{apart} ][^{apart}]*| *)"

    @property
    def open_end(self) -> str:
        """A separator and a quote that does not close."""
        apart, q = self._codes()
        return rf"{apart} *{q}(?:[^{q}]|{q}{q})*"

    def _codes(self) -> tuple[str, str]:
        return rf"\x{{{ord(self.separator):x}}}", rf"\x{{{ord(self.quote):x}}}"


def cut(lines: pl.DataFrame, dialect: Dialect, width: int) -> pl.DataFrame:
    """Cut lines into records.

    Args:
        lines: `line` (Int64) and `text` of consecutive lines.
        width: the number of fields that a record should have.

    Returns:
        `line` it begins on, `text`, and `fields` as of `split`; lines of blanks are no records.
    """
    records = lines.with_columns(fields=split(lines["text"], dialect))
    if dialect.quote and records["fields"].null_count():
        records = _joined(records, dialect, width)
    return records.filter(pl.col("text").str.strip_chars(" ") != "")


def split(texts: pl.Series, dialect: Dialect) -> pl.Series:
    """The fields of each text, a list; null where quotes do not close, and for endless texts."""
    text = pl.when(texts.str.len_bytes() <= LONGEST_BYTES).then(texts)
    if not dialect.quote or not texts.str.contains(dialect.quote, literal=True).any():
        return pl.select(text.str.split(dialect.separator)).to_series()
    begun = pl.lit(dialect.separator) + text
    pieces = begun.str.extract_all(dialect.field)
    bare = pieces.list.eval(pl.element().str.strip_prefix(dialect.separator))
    return pl.select(pl.when(pieces.list.join("") == begun).then(bare)).to_series()


def unquoted(field: pl.Expr, quote: str) -> pl.Expr:
    """The value of a field: without its quotes, doubled quotes inside made single."""
    if not quote:
        return field
    trimmed = field.str.strip_chars(" ")
    inside = trimmed.str.slice(1).str.head(-1).str.replace_all(quote * 2, quote, literal=True)
    return pl.when(trimmed.str.starts_with(quote)).then(inside).otherwise(field)


def _joined(lines: pl.DataFrame, dialect: Dialect, width: int) -> pl.DataFrame:
    """Put together lines that make a record of the right width only together."""
    spans = list(_spans(lines, dialect, width))
    texts = pl.Series(
        ["\n".join(lines["text"][first : last + 1]) for first, last in spans], dtype=pl.String
    )
    together = pl.DataFrame({"text": texts, "fields": split(texts, dialect)})
    kept: list[int] = []
    inside: list[int] = []
    reached = -1
    for place, ((first, last), fields) in enumerate(zip(spans, together["fields"], strict=True)):
        if first > reached and fields is not None and len(fields) == width:
            kept.append(place)
            inside += range(first, last + 1)
            reached = last
    joined = together[kept].with_columns(lines["line"].gather([spans[n][0] for n in kept]))
    apart = lines.with_row_index("place").filter(~pl.col("place").is_in(inside))
    return pl.concat([apart.select(lines.columns), joined.select(lines.columns)]).sort("line")


def _spans(lines: pl.DataFrame, dialect: Dialect, width: int) -> Iterator[tuple[int, int]]:
    """First and last place of lines that may be one record: a quote opens, and where it closes.

    Where a line in between is a record by itself, the quote was a stray one.
    """
    text = (
        pl.when(pl.col("text").str.len_bytes() <= LONGEST_BYTES).then("text").otherwise(pl.lit(""))
    )
    ends_open = f"^(?:{dialect.field})*{dialect.open_end}$"
    places = lines.select(
        opens=(dialect.separator + text).str.contains(ends_open),
        goes_on=(dialect.separator + dialect.quote + text).str.contains(ends_open),
        is_record=(pl.col("fields").list.len() == width).fill_null(value=False),
    )
    ends = (~places["goes_on"]).arg_true().to_numpy()
    records = places["is_record"].cum_sum()
    for first in places["opens"].arg_true():
        following = np.searchsorted(ends, first, side="right")
        if following < len(ends):
            last = int(ends[following])
            if last - first < MOST_LINES and records[last - 1] == records[first]:
                yield first, last
