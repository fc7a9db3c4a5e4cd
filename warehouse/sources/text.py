"""Delimited text as a table of strings, with the line each row begins on.

Nothing is guessed about a row: one that has not the header's number of fields, or whose quotes do
not close, is rejected with its text. (DuckDB's CSV reader drops a line of 200 MB without a word,
and takes all that follows a stray quote for one row.)
"""

import codecs
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected
from warehouse.sources import Feed, Reading
from warehouse.sources.records import LONGEST_BYTES, Dialect, cut, split, unquoted

SEPARATORS = ",;\t"
LARGEST_BYTES = 1 << 30
LONGEST_HEADER = 1 << 16
HEAD = 1 << 10
TEXT_KEPT = 10_000


@dataclass(frozen=True)
class Table:
    """What a file says, as text.

    Attributes:
        header: the names in its first line, blanks trimmed; a name may come twice.
        rows: a column of strings (empty, never null) for each of them, and `line` (Int64, from 1);
            a name that is empty, taken or `line` has its position added.
        rejected: see `Reading`.
    """

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
        for place, column in enumerate(_columns(header))
    )
    rejected = judged.filter(pl.col("rule").is_not_null()).select("line", "rule", _kept())
    return Table(header, good.select(*fields, "line"), rejected)


def sort_out(table: Table, parsed: pl.DataFrame) -> Reading:
    """Rows whose `fault` is null are good; the others join those the reader refused."""
    unreadable = parsed.filter(pl.col("fault").is_not_null()).select(
        "line", rule="fault", text=pl.lit(None, dtype=pl.String)
    )
    good = parsed.filter(pl.col("fault").is_null()).drop("fault")
    return Reading(good, pl.concat([table.rejected, unreadable]).sort("line"))


def texts(path: Path, feed: Feed, lines: Collection[int], quote: str = '"') -> dict[int, str]:
    """The original text of some rows, by the line each begins on."""
    _, records = _records(path, path.name, feed.encoding, feed.separator, quote)
    wanted = records.filter(pl.col("line").is_in(list(lines)))
    return dict(wanted.select("line", _kept()).iter_rows())


def _records(
    path: Path, name: str, encoding: str | None, separator: str | None, quote: str
) -> tuple[list[str], pl.DataFrame]:
    """The header's names, and the records below it as of `cut`."""
    lines = _lines(path, name, encoding)
    place = (lines["text"].str.strip_chars(" ") != "").arg_max() or 0
    first_line = lines["text"][place]
    dialect = Dialect(separator or max(SEPARATORS, key=first_line.count), quote)
    header = _names(first_line, f"{name}, line {place + 1}", dialect)
    return header, cut(lines[place + 1 :], dialect, len(header))


def _lines(path: Path, name: str, encoding: str | None) -> pl.DataFrame:
    """`line` and `text` of every line, whatever its end is."""
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise DataRejected(f"{name} has {size:,} bytes; deliver it in files of less than 1 GiB")
    text = _decode(path.read_bytes(), name, encoding)
    if not text.strip():
        raise DataRejected(f"{name} is empty: not even a header; deliver it again or remove it")
    if "\0" in text[:HEAD]:
        raise DataRejected(f"{name} is not a text file; deliver it as CSV or remove it")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = pl.Series("text", [plain]).str.split("\n").explode().to_frame()
    return lines.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line"), "text")


def _decode(content: bytes, name: str, encoding: str | None) -> str:
    """Text, without a byte order mark. Where UTF-8 and cp1252 are mixed, each line has one."""
    codec = codecs.lookup(encoding or "utf-8").name
    try:
        return content.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as error:
        if encoding:
            line = content[: error.start].count(b"\n") + 1
            raise _not_in(encoding, name, line) from None
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    return "\n".join(_decode_line(line, name, n) for n, line in enumerate(lines, start=1))


def _decode_line(line: bytes, name: str, number: int) -> str:
    for codec in ("utf-8", "cp1252"):
        try:
            return line.decode(codec)
        except UnicodeDecodeError:
            continue
    raise _not_in("UTF-8 or cp1252", name, number)


def _not_in(encoding: str, name: str, line: int) -> DataRejected:
    return DataRejected(
        f"{name}, line {line}: not in {encoding}; say its encoding in [feeds.*] of the settings,"
        " or deliver it again"
    )


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


def _columns(header: list[str]) -> list[str]:
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
