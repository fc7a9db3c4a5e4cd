"""Parquet as a table of text: its types are written the way delimited text would say them."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.errors import DataRejected, fault
from warehouse.sources import REJECTED_SCHEMA, Feed
from warehouse.sources.text import Table, own_names, rows_as_text
from warehouse.sources.values import clock

MAGIC = b"PAR1"
ROWS_AT_ONCE = 1 << 17
MOST_ROWS = 50_000_000  # a file of a few bytes can claim any number
EXACT_INTEGERS = 2.0**53


def read_parquet(path: Path, name: str, feed: Feed) -> Iterator[Table]:
    """Read a Parquet file, part by part; `line` numbers its rows from 1. No nested columns.

    Args:
        name: what the file is called in messages.

    Raises:
        DataRejected: too many rows, or not to be read as Parquet.
    """
    try:
        with pq.ParquetFile(path) as file:
            yield from _tables(file, name, feed)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError):
        raise DataRejected(
            fault(
                "{name} begins like Parquet and cannot be read as such; deliver it again", name=name
            )
        ) from None


def _tables(file: pq.ParquetFile, name: str, feed: Feed) -> Iterator[Table]:
    """The rows under column names of their own. (Polars panics over broken files.)"""
    rows = file.metadata.num_rows
    if rows > MOST_ROWS:
        raise DataRejected(
            fault(
                "{name} has {rows} rows; deliver it in files of at most {most}",
                name=name,
                rows=f"{rows:,}",
                most=f"{MOST_ROWS:,}",
            )
        )
    line = 1
    nothing = [] if rows else [pa.RecordBatch.from_pylist([], schema=file.schema_arrow)]
    for batch in chain(nothing, file.iter_batches(ROWS_AT_ONCE)):
        batch.validate(full=True)
        yield _table(batch, line, feed)
        line += batch.num_rows
    if line != rows + 1:
        raise pa.ArrowInvalid("rows are missing")


def _table(batch: pa.RecordBatch, line: int, feed: Feed) -> Table:
    flat = [n for n, field in enumerate(batch.schema) if not pa.types.is_nested(field.type)]
    header = [batch.schema.names[n].strip() for n in flat]
    frame = pl.from_arrow(batch.select(flat).rename_columns(own_names(header)))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a table of Arrow is no series")
    texts = (_text(pl.col(c), kind, feed).fill_null("") for c, kind in frame.schema.items())
    lines = pl.int_range(line, line + pl.len(), dtype=pl.Int64).alias("line")
    said = frame.select(*texts, lines)
    return Table(
        header=header,
        rows=said,
        rejected=pl.DataFrame(schema=REJECTED_SCHEMA),
        texts=partial(rows_as_text, said),
        has_typed_cells=True,
    )


def _text(value: pl.Expr, kind: pl.DataType, feed: Feed) -> pl.Expr:
    if kind.is_float():
        return _decimal(value, feed)
    if kind.is_decimal() and feed.decimal_comma:
        return value.cast(pl.String).str.replace(".", ",", literal=True)
    if isinstance(kind, pl.Datetime):
        offset = "%z" if kind.time_zone else ""
        return value.dt.cast_time_unit("us").dt.to_string(f"%Y-%m-%d %H:%M:%S%.6f{offset}")
    if isinstance(kind, pl.Duration):
        return clock(value)
    if isinstance(kind, pl.Time):
        return value.dt.to_string("%H:%M:%S")
    return value.cast(pl.String, strict=False)


def _decimal(value: pl.Expr, feed: Feed) -> pl.Expr:
    """A whole number has no point: agent 1001 is the same where a gap made floats of integers."""
    double = value.cast(pl.Float64)
    is_whole = (double == double.floor()) & (double.abs() < EXACT_INTEGERS)
    whole = pl.when(is_whole).then(double).cast(pl.Int64, strict=False).cast(pl.String)
    broken = value.cast(pl.String)
    if feed.decimal_comma:
        broken = broken.str.replace(".", ",", literal=True)
    return pl.when(value.is_not_nan()).then(pl.coalesce(whole, broken))
