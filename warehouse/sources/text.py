"""Delimited text as a table of strings, with the line each row begins on.

Nothing is guessed about a row: one that has not the header's number of fields, or whose quotes do
not close, is rejected with its text. (DuckDB's CSV reader drops a line of 200 MB without a word,
and takes all that follows a stray quote for one row.)
"""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected
from warehouse.sources import Feed, Reading
from warehouse.sources.lines import read_lines
from warehouse.sources.records import LONGEST_BYTES, Dialect, cut, split, unquoted

SEPARATORS = ",;\t"
LONGEST_HEADER = 1 << 16
TEXT_KEPT = 10_000
_WRITTEN = {"line": pl.Int64, "text": pl.String}


@dataclass(frozen=True)
class Table:
    """What a file says, as text.

    Attributes:
        header: the names in its first line, blanks trimmed; a name may come twice.
        rows: a column of strings (empty, never null) for each of them, and `line` (Int64, from 1);
            a name that is empty, taken or `line` has its position added.
        rejected: see `Reading`.
        has_typed_cells: the file knows numbers and times; they are written as ISO 8601 has them.
    """

    header: list[str]
    rows: pl.DataFrame
    rejected: pl.DataFrame
    has_typed_cells: bool = False


def read_text(
    path: Path, name: str, encoding: str | None, separator: str | None, quote: str = '"'
) -> Table:
    """Read a delimited text file whose first line is its header.

    Args:
        name: what the file is called in messages.
        encoding: a Python codec; None tries UTF-8, then cp1252.
        separator: one character; None takes the one of `,` `;` tab that the header has most of.
        quote: the quoting character, or "" for none.

    Raises:
        DataRejected: the file is empty, too large, not text, not in that encoding, or its first
            line is no header.
    """
    header, records = _records(path, name, encoding, separator, quote)
    width = pl.col("fields").list.len()
    judged = records.with_columns(
        rule=pl.coalesce(
            pl.when(pl.col("text").str.len_bytes() > LONGEST_BYTES).then(
                pl.lit("a line over 1 MiB")
            ),
            pl.when(pl.col("text").str.contains("\0", literal=True)).then(
                pl.lit("a NUL character")
            ),
            pl.when(pl.col("fields").is_null()).then(pl.lit("quotes that do not close")),
            pl.when(width < len(header)).then(pl.lit("fewer fields than the header")),
            pl.when(width > len(header)).then(pl.lit("more fields than the header")),
        )
    )
    good = judged.filter(pl.col("rule").is_null())
    fields = (
        unquoted(pl.col("fields").list.get(place), quote).alias(column)
        for place, column in enumerate(own_names(header))
    )
    rejected = judged.filter(pl.col("rule").is_not_null()).select("line", "rule", _kept())
    return Table(header, good.select(*fields, "line"), rejected)


def sort_out(table: Table, parsed: pl.DataFrame) -> Reading:
    """Rows whose `fault` is null are good; the others, as far as they could be read, join those
    that the reader refused.
    """
    unreadable = parsed.filter(pl.col("fault").is_not_null()).rename({"fault": "rule"})
    good = parsed.filter(pl.col("fault").is_null()).drop("fault")
    return Reading(good, pl.concat([table.rejected, unreadable], how="diagonal").sort("line"))


def texts(path: Path, feed: Feed, lines: Collection[int], quote: str = '"') -> dict[int, str]:
    """The original text of some rows, by the line each begins on."""
    _, records = _records(path, path.name, feed.encoding, feed.separator, quote)
    wanted = records.filter(pl.col("line").is_in(list(lines)))
    return dict(wanted.select("line", _kept()).iter_rows())


def rows_as_text(table: Table, lines: Collection[int]) -> dict[int, str]:
    """Some rows of a table that was no text, as comma-separated values, by line."""
    wanted = table.rows.filter(pl.col("line").is_in(list(lines)))
    written = {line: _comma_separated(fields) for *fields, line in wanted.iter_rows()}
    kept = pl.DataFrame({"line": written.keys(), "text": written.values()}, _WRITTEN)
    return dict(kept.select("line", _kept()).iter_rows())


def _comma_separated(fields: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(fields)
    return written.getvalue()


def _records(
    path: Path, name: str, encoding: str | None, separator: str | None, quote: str
) -> tuple[list[str], pl.DataFrame]:
    """The header's names, and the records below it as of `cut`."""
    lines = read_lines(path, name, encoding)
    place = (lines["text"].str.strip_chars(" ") != "").arg_max() or 0
    first_line = lines["text"][place]
    dialect = Dialect(separator or max(SEPARATORS, key=first_line.count), quote)
    header = _names(first_line, f"{name}, line {place + 1}", dialect)
    return header, cut(lines[place + 1 :], dialect, len(header))


def _names(first_line: str, place: str, dialect: Dialect) -> list[str]:
    if len(first_line) > LONGEST_HEADER:
        raise DataRejected(f"{place}: too long for a header; deliver it as CSV or remove it")
    fields = split(pl.Series([first_line]), dialect)
    if fields[0] is None:
        raise DataRejected(
            f"{place}: the header's quotes do not close; mend it and deliver it again"
        )
    names = pl.select(unquoted(pl.lit(fields.explode()), dialect.quote).str.strip_chars())
    return names.to_series().to_list()


def own_names(header: list[str]) -> list[str]:
    """A name of its own for each column."""
    taken = {"", "line"}
    columns = []
    for position, name in enumerate(header, start=1):
        column = name
        while column in taken:
            column = f"{column} (column {position})".strip()
        taken.add(column)
        columns.append(column)
    return columns


def _kept() -> pl.Expr:
    """As much of a row's text as quarantine keeps."""
    size = pl.col("text").str.len_chars()
    begin = pl.format("{}... ({} characters)", pl.col("text").str.head(TEXT_KEPT), size)
    return pl.when(size <= TEXT_KEPT).then("text").otherwise(begin).alias("text")
