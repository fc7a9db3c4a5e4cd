"""Files read as a whole, out of the parts in which adapters read them."""

from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from warehouse.sources import Feed, Reading, adapter_of
from warehouse.sources.text import Table, read_text


def read(path: Path, feed: Feed, name: str) -> Reading:
    """What the feed's adapter reads."""
    parts = list(adapter_of(feed).read(path, feed, name))
    rows, rejected = _together(parts)
    return Reading(rows, rejected, lambda lines: _texts(parts, lines))


def table(path: Path, encoding: str | None = None, separator: str | None = None) -> Table:
    """What a delimited text file says."""
    parts = list(read_text(path, "calls/file.csv", encoding, separator))
    rows, rejected = _together(parts)
    return Table(parts[0].header, rows, rejected, lambda lines: _texts(parts, lines))


def _together(parts: Sequence[Reading | Table]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rejected = pl.concat([part.rejected for part in parts], how="diagonal")
    return pl.concat([part.rows for part in parts]), rejected


def _texts(parts: Sequence[Reading | Table], lines: Collection[int]) -> dict[int, str]:
    return {line: text for part in parts for line, text in part.texts(lines).items()}
