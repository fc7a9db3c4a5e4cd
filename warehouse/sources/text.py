"""Delimited text as a table of strings, with the line each row begins on.

Nothing is guessed about a row: one that has not the header's number of fields, or whose quotes do
not close, is rejected with its text. DuckDB's CSV reader does the work; it reads UTF-8 only and
must not sniff, so encoding, separator and header are settled first.
"""

import csv
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from warehouse.errors import DataRejected
from warehouse.sources import REJECTED_SCHEMA, Feed, Reading

SEPARATORS = ",;\t"
HEAD_BYTES = 1 << 16
LONGEST_LINE_BYTES = 1 << 21
FAULTS = {
    "MISSING COLUMNS": "fewer fields than the header",
    "TOO MANY COLUMNS": "more fields than the header",
    "UNQUOTED VALUE": "quotes that do not close",
    "LINE SIZE OVER MAXIMUM": "line longer than 2 MiB",
}


@dataclass(frozen=True)
class Table:
    """`rows`: the header's columns as strings (empty, never null) and `line` (Int64, from 1)."""

    header: list[str]
    rows: pl.DataFrame
    rejected: pl.DataFrame


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
        DataRejected: the file is empty, not text, or not in that encoding.
    """
    with _as_utf8(path, name, encoding) as text:
        first_line = _first_line(text)
        separator = separator or max(SEPARATORS, key=first_line.count)
        header = _names(first_line, separator, quote)
        connection = duckdb.connect()
        rows = _accepted(connection, text, header, separator, quote)
        line_ends = np.flatnonzero(np.fromfile(text, dtype=np.uint8) == ord("\n"))
    rejected = _rejected(connection, line_ends)
    heights = 1 + rejected["text"].str.count_matches(r"\n+")
    blanks = np.flatnonzero(np.diff(line_ends) == 1) + 2
    taken = [*zip(rejected["line"], heights, strict=True), *((int(line), 1) for line in blanks)]
    return Table(header, rows.with_columns(line=_line_numbers(rows, taken)), rejected)


def sort_out(table: Table, parsed: pl.DataFrame) -> Reading:
    """Rows whose `fault` is null are good; the others join those the reader refused."""
    unreadable = parsed.filter(pl.col("fault").is_not_null()).select(
        "line", rule="fault", text=pl.lit(None, dtype=pl.String)
    )
    good = parsed.filter(pl.col("fault").is_null()).drop("fault")
    return Reading(good, pl.concat([table.rejected, unreadable]).sort("line"))


def texts(path: Path, feed: Feed, lines: Collection[int]) -> dict[int, str]:
    """The original text of some lines, by number from 1."""
    with (
        _as_utf8(path, path.name, feed.encoding) as text,
        text.open(encoding="utf-8") as handle,
    ):
        wanted = enumerate(islice(handle, max(lines, default=0)), start=1)
        return {number: line.rstrip("\n") for number, line in wanted if number in lines}


@contextmanager
def _as_utf8(path: Path, name: str, encoding: str | None) -> Iterator[Path]:
    """A UTF-8 copy with plain line ends, for as long as it is needed."""
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if not head.strip():
        raise DataRejected(f"{name} is empty: not even a header; deliver it again or remove it")
    if b"\0" in head:
        raise DataRejected(f"{name} is not a text file; deliver it as CSV or remove it")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".reading-") as folder:
        copy = Path(folder) / "text"
        for candidate in [encoding] if encoding else ["utf-8", "cp1252"]:
            if _transcode(path, copy, candidate):
                yield copy
                return
        raise DataRejected(
            f"{name} is not in {encoding or 'UTF-8 or cp1252'};"
            " say its encoding in [feeds.*] of the settings"
        )


def _transcode(path: Path, copy: Path, encoding: str) -> bool:
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    try:
        with (
            path.open(encoding=codec, newline=None) as reader,
            copy.open("w", encoding="utf-8", newline="\n") as writer,
        ):
            while chunk := reader.read(1 << 20):
                writer.write(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _first_line(text: Path) -> str:
    with text.open(encoding="utf-8") as handle:
        return handle.readline().rstrip("\n")


def _names(first_line: str, separator: str, quote: str) -> list[str]:
    """The header's names, blanks trimmed; a name that comes twice gets a number."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    fields = next(csv.reader([first_line], delimiter=separator, quoting=quoting), [])
    names: list[str] = []
    for position, field in enumerate(fields, start=1):
        name = field.strip() or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return names


def _accepted(
    connection: duckdb.DuckDBPyConnection, text: Path, header: list[str], separator: str, quote: str
) -> pl.DataFrame:
    # A single column named by nobody keeps DuckDB from reading one-column files as blank lines.
    return connection.execute(
        "select * from read_csv($path, auto_detect = false, header = true, delim = $separator,"
        " quote = $quote, escape = $quote, columns = $columns, force_not_null = $names,"
        " strict_mode = true, new_line = '\\n', store_rejects = true, rejects_limit = 0,"
        " max_line_size = $longest)",
        {
            "path": str(text),
            "separator": separator,
            "quote": quote,
            "columns": dict.fromkeys(header, "VARCHAR"),
            "names": header,
            "longest": LONGEST_LINE_BYTES,
        },
    ).pl()


def _line_numbers(rows: pl.DataFrame, taken: list[tuple[int, int]]) -> pl.Series:
    """The line each accepted row begins on: those that no other row, header or blank takes.

    Accepted rows come in order. Their numbers would be 2, 3, 4 ... plus the line breaks inside the
    quotes before them; every stretch `taken` (first line, height) before them moves them on.
    """
    breaks = pl.sum_horizontal(pl.col(name).str.count_matches(r"\n+") for name in rows.columns)
    spans = rows.select(pl.int_range(2, pl.len() + 2) + breaks.cum_sum() - breaks).to_series()
    places, shifts, shift = [], [0], 0
    for line, height in sorted(taken):
        places.append(line - shift)
        shift += height
        shifts.append(shift)
    moved = pl.Series(places, dtype=pl.Int64).search_sorted(spans, side="right")
    return (spans + pl.Series(shifts, dtype=pl.Int64).gather(moved)).alias("line")


def _rejected(connection: duckdb.DuckDBPyConnection, line_ends: NDArray[np.int64]) -> pl.DataFrame:
    """The rows that DuckDB refused. It counts records, so lines are counted from byte positions."""
    refused = connection.execute(
        "select line_byte_position as position, any_value(error_type)::varchar as error,"
        " any_value(csv_line) as text from reject_errors group by all order by all"
    ).pl()
    lines = np.searchsorted(line_ends, refused["position"].to_numpy()) + 1
    return pl.DataFrame(
        {
            "line": lines,
            "rule": refused["error"].replace(FAULTS),
            "text": refused["text"].str.strip_chars("\n"),
        },
        schema=REJECTED_SCHEMA,
    )
