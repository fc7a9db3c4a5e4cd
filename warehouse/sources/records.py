"""Lines cut into fields, and put together where a quoted field goes on over several lines.

A field that begins with a quote ends at the next quote that is not doubled (RFC 4180); elsewhere a
quote is a character like any other. A quote that never closes must not swallow what follows: it
costs its own line, and reading goes on behind it.

Lines come in blocks. Most blocks have no quotes and the right number of separators in each line:
whoever cuts them at the separators cannot be wrong. All others are looked into.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from warehouse.sources.lines import LONGEST_BYTES

MOST_LINES = 100
NEWLINE = b"\n"
OCTETS = bytes(range(256))


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


def plain_fields(text: bytes, dialect: Dialect, width: int) -> pl.DataFrame | None:
    """The fields of lines none of which has anything to be looked into, a column each; or None.

    That is: no quote, no NUL, no endless line, and `width` fields in each line, not fewer than 2.
    """
    apart, quote = dialect.separator.encode(), dialect.quote.encode()
    if width < 2 or len(apart) > 1 or (quote and quote in text) or b"\0" in text:
        return None
    marks = text.translate(None, OCTETS.translate(None, apart + NEWLINE)) + NEWLINE
    lines = len(marks) // width
    if marks != (apart * (width - 1) + NEWLINE) * lines or _has_endless_line(text):
        return None
    fields = pl.read_csv(
        text,
        has_header=False,
        separator=dialect.separator,
        quote_char=None,
        infer_schema=False,
        empty_string_is_null=False,
        extra_columns="raise",
        missing_columns="raise",
    )
    if fields.shape != (lines, width):
        raise RuntimeError(f"{fields.shape} fields were read of {lines} lines of {width}")
    return fields


def _has_endless_line(text: bytes) -> bool:
    begin = 0
    while len(text) - begin > LONGEST_BYTES:
        begin = 1 + text.rfind(NEWLINE, begin, begin + LONGEST_BYTES + 1)
        if not begin:
            return True
    return False


def cut(
    lines: pl.DataFrame, dialect: Dialect, width: int, *, is_end: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut lines into records.

    Args:
        lines: consecutive lines, as of `lines.LINES`.
        width: the number of fields that a record should have.
        is_end: no more lines come after these.

    Returns:
        The records: `line` that each begins on, `text`, `characters`, and `fields` as of `split`;
        lines of blanks are no records. And the last lines, if what comes next decides on them.
    """
    records = lines.with_columns(fields=split(lines["text"], dialect))
    undecided = lines.height
    if dialect.quote and records["fields"].null_count():
        records, undecided = _joined(records, dialect, width, is_end=is_end)
    return records.filter(pl.col("text").str.strip_chars(" ") != ""), lines[undecided:]


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


def _joined(
    lines: pl.DataFrame, dialect: Dialect, width: int, *, is_end: bool
) -> tuple[pl.DataFrame, int]:
    """Put together lines that make a record of the right width only together.

    Returns:
        The records, and the place of the first line on which the lines to come decide.
    """
    spans, open_places = _spans(lines, dialect, width)
    texts = pl.Series(
        ["\n".join(lines["text"][first : last + 1]) for first, last in spans], dtype=pl.String
    )
    together = pl.DataFrame({"text": texts, "fields": split(texts, dialect)})
    kept: list[int] = []
    inside: set[int] = set()
    reached = -1
    for place, ((first, last), fields) in enumerate(zip(spans, together["fields"], strict=True)):
        if first > reached and fields is not None and len(fields) == width:
            kept.append(place)
            inside |= set(range(first, last + 1))
            reached = last
    joined = together[kept].select(
        pl.Series("line", [lines["line"][spans[n][0]] for n in kept], pl.Int64),
        "text",
        pl.col("text").str.len_chars().cast(pl.Int64).alias("characters"),
        "fields",
    )
    apart = lines.with_row_index("place").filter(~pl.col("place").is_in(list(inside)))
    records = pl.concat([apart.select(lines.columns), joined]).sort("line")
    waiting = [] if is_end else [place for place in open_places if place not in inside]
    undecided = min(waiting, default=lines.height)
    return records.filter(pl.col("line") < lines["line"][0] + undecided), undecided


def _spans(
    lines: pl.DataFrame, dialect: Dialect, width: int
) -> tuple[list[tuple[int, int]], list[int]]:
    """First and last place of lines that may be one record: a quote opens, and where it closes.

    Where a line in between is a record by itself, the quote was a stray one. Beside them, the
    places of lines whose quote may close on a line to come.
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
    spans, still_open = [], []
    for first in places["opens"].arg_true():
        following = np.searchsorted(ends, first, side="right")
        last = int(ends[following]) if following < len(ends) else len(lines)
        if last - first >= MOST_LINES or records[min(last, len(lines)) - 1] != records[first]:
            continue
        if last < len(lines):
            spans.append((first, last))
        else:
            still_open.append(first)
    return spans, still_open
