"""Delimited text as a table of strings, with the line each row begins on.

Nothing is guessed about a row: one that has not the header's number of fields, or whose quotes do
not close, is rejected with its text. (DuckDB's CSV reader drops a line of 200 MB without a word,
and takes all that follows a stray quote for one row.)
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources import REJECTED_SCHEMA, Reading, Texts
from warehouse.sources.lines import LINES, LONGEST_BYTES, Block, read_blocks
from warehouse.sources.records import Dialect, cut, plain_fields, split, unquoted

SEPARATORS = ",;\t"
BLANKS = (b" ", b"\t", b"\v", b"\f", b"\r")
LONGEST_HEADER = 1 << 16
TEXT_KEPT = 10_000


@dataclass(frozen=True)
class Table:
    """What a file says, or a part of it, as text.

    Attributes:
        header: the names in its first line, blanks trimmed; a name may come twice.
        rows: a column of strings (empty, never null) for each of them, and `line` (Int64, from 1);
            a name that is empty, taken or `line` has its position added.
        rejected: see `Reading`; with `cells`, the fields (a list), as far as they could be cut.
        texts: the original text of some of the rows, by line.
        has_typed_cells: the file knows numbers and times; they are written as ISO 8601 has them.
        is_trimmed: it is known that there are no blanks around any cell.
    """

    header: list[str]
    rows: pl.DataFrame
    rejected: pl.DataFrame
    texts: Texts
    has_typed_cells: bool = False
    is_trimmed: bool = False


def read_text(
    path: Path,
    name: str,
    encoding: str | None,
    separator: str | None,
    quote: str = '"',
    header: list[str] | None = None,
) -> Iterator[Table]:
    """Read a delimited text file, part by part; there is one at least.

    Args:
        name: what the file is called in messages.
        encoding: a Python codec; None tries UTF-8, then cp1252.
        separator: one character; None takes the one of `,` `;` tab that the header has most of.
        quote: the quoting character, or "" for none.
        header: the names of its columns; None: they are in its first line.

    Raises:
        DataRejected: the file is empty, not text, not in that encoding, or its first line is no
            header.
    """
    blocks = read_blocks(path, name, encoding)
    first = next((block for block in blocks if block.text.strip()), None)
    if first is None:
        raise DataRejected(
            fault("{name} is empty: not even a header; deliver it again or remove it", name=name)
        )
    first_line, below = _parted(first)
    dialect = Dialect(
        separator or max(SEPARATORS, key=first_line.text.decode().count),
        quote,
    )
    if header is None:
        header = _names(first_line, name, dialect)
        blocks = chain([below], blocks)
    else:
        blocks = chain([first], blocks)
    return _tables(blocks, dialect, header)


def _parted(block: Block) -> tuple[Block, Block]:
    """The first line that is not blank, and what is below it."""
    text = block.text.lstrip(b" \n")
    number = block.line + block.text[: len(block.text) - len(text)].count(b"\n")
    first, _, below = text.partition(b"\n")
    return Block(number, first, block.characters), Block(number + 1, below)


def _tables(blocks: Iterable[Block], dialect: Dialect, header: list[str]) -> Iterator[Table]:
    waiting = pl.DataFrame(schema=LINES)
    for block in blocks:
        fields = plain_fields(block.text, dialect, len(header)) if waiting.is_empty() else None
        if fields is not None:
            yield _plain_table(fields, block, header)
            continue
        lines = pl.concat([waiting, block.lines()])
        records, waiting = cut(lines, dialect, len(header), is_end=False)
        yield _judged(records, dialect, header)
    records, _ = cut(waiting, dialect, len(header), is_end=True)
    yield _judged(records, dialect, header)


def _plain_table(fields: pl.DataFrame, block: Block, header: list[str]) -> Table:
    line = pl.int_range(block.line, block.line + pl.len(), dtype=pl.Int64).alias("line")
    columns = zip(fields.columns, own_names(header), strict=True)
    rows = fields.select(*(pl.col(field).alias(column) for field, column in columns), line)
    return Table(
        header,
        rows,
        pl.DataFrame(schema=REJECTED_SCHEMA),
        lambda of: _texts(block.lines(), of),
        is_trimmed=_has_no_blanks(block.text),
    )


def _has_no_blanks(text: bytes) -> bool:
    """None anywhere, which is told in no time; there are others outside ASCII."""
    return text.isascii() and not any(blank in text for blank in BLANKS)


def _judged(records: pl.DataFrame, dialect: Dialect, header: list[str]) -> Table:
    """Records with the right number of fields, and the others with what is wrong with them."""
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
        unquoted(pl.col("fields").list.get(place), dialect.quote).alias(column)
        for place, column in enumerate(own_names(header))
    )
    rejected = judged.filter(pl.col("rule").is_not_null()).select(
        "line", "rule", _kept(), cells="fields"
    )
    return Table(header, good.select(*fields, "line"), rejected, partial(_texts, records))


def _texts(records: pl.DataFrame, lines: Collection[int]) -> dict[int, str]:
    wanted = records.filter(pl.col("line").is_in(list(lines)))
    return dict(wanted.select("line", _kept()).iter_rows())


def sort_out(table: Table, parsed: pl.DataFrame) -> Reading:
    """Rows whose `fault` is null are good; the others, as far as they could be read, join those
    that the reader refused.
    """
    unreadable = parsed.filter(pl.col("fault").is_not_null()).rename({"fault": "rule"})
    good = parsed.filter(pl.col("fault").is_null()).drop("fault")
    rejected = pl.concat([table.rejected, unreadable], how="diagonal").sort("line")
    return Reading(good, rejected, table.texts)


def rows_as_text(rows: pl.DataFrame, lines: Collection[int]) -> dict[int, str]:
    """Some rows of a table that was no text, as comma-separated values, by line."""
    wanted = rows.filter(pl.col("line").is_in(list(lines)))
    written = {line: _comma_separated(fields) for *fields, line in wanted.iter_rows()}
    sizes = [len(text) for text in written.values()]
    kept = {"line": list(written), "text": list(written.values()), "characters": sizes}
    return _texts(pl.DataFrame(kept, LINES), lines)


def _comma_separated(fields: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(fields)
    return written.getvalue()


def _names(first_line: Block, name: str, dialect: Dialect) -> list[str]:
    text, place = first_line.text.decode(), f"{name}, line {first_line.line}"
    if len(text) > LONGEST_HEADER:
        raise DataRejected(
            fault("{place}: too long for a header; deliver it as CSV or remove it", place=place)
        )
    fields = split(pl.Series([text]), dialect)
    if fields[0] is None:
        raise DataRejected(
            fault(
                "{place}: the header's quotes do not close; mend it and deliver it again",
                place=place,
            )
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
    size = pl.col("characters")
    begin = pl.format("{}... ({} characters)", pl.col("text").str.head(TEXT_KEPT), size)
    return pl.when(size <= TEXT_KEPT).then("text").otherwise(begin).alias("text")
