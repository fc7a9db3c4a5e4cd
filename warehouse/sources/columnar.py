"""Parquet as a table of text: its types are written the way delimited text would say them."""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.errors import DataRejected
from warehouse.sources import REJECTED_SCHEMA, Feed
from warehouse.sources.lines import LARGEST_BYTES
from warehouse.sources.text import Table, own_names
from warehouse.sources.values import clock

MAGIC = b"PAR1"
MOST_ROWS = 50_000_000  # a file of a few bytes can claim any number
EXACT_INTEGERS = 2.0**53


def read_parquet(path: Path, name: str, feed: Feed) -> Table:
    """Read a Parquet file; `line` numbers its rows from 1. Nested columns are left out.

    Args:
        name: what the file is called in messages.

    Raises:
        DataRejected: too large, or not to be read as Parquet.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise DataRejected(f"{name} has {size:,} bytes; deliver it in files of less than 1 GiB")
    try:
        header, frame = _read(path, name)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError):
        raise DataRejected(
            f"{name} begins like Parquet and cannot be read as such; deliver it again"
        ) from None
    texts = (_text(pl.col(c), kind, feed).fill_null("") for c, kind in frame.schema.items())
    line = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line")
    return Table(
        header=header,
        rows=frame.select(*texts, line),
        rejected=pl.DataFrame(schema=REJECTED_SCHEMA),
        has_typed_cells=True,
    )


def _read(path: Path, name: str) -> tuple[list[str], pl.DataFrame]:
    """The header, and the columns under names of their own. (Polars panics over broken files.)"""
    with pq.ParquetFile(path) as file:
        rows = file.metadata.num_rows
        if rows > MOST_ROWS:
            raise DataRejected(
                f"{name} has {rows:,} rows; deliver it in files of at most {MOST_ROWS:,}"
            )
        content = file.read()
    content.validate(full=True)
    if content.num_rows != rows:
        raise pa.ArrowInvalid("rows are missing")
    flat = [n for n, field in enumerate(content.schema) if not pa.types.is_nested(field.type)]
    header = [content.column_names[n].strip() for n in flat]
    frame = pl.from_arrow(content.select(flat).rename_columns(own_names(header)))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a table of Arrow is no series")
    return header, frame


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
