"""Archived files of which rows had to go: what was left of them, in canonical columns.

Such a file is an adapter's reading, written down as Parquet, identities in clear as the archive has
them: the rows, with their text where they break a rule, and those that could not be read, with the
reason. Its name in the archive says so; nothing that lands can have such a name.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl

from warehouse.sources import Feed, Reading

SUFFIX = ".rows"


def is_rewritten(file: str) -> bool:
    """Whether the archive has under this name what was left of a file."""
    return file.endswith(SUFFIX)


def read(path: Path, feed: Feed, name: str) -> Iterator[Reading]:
    """What was left; see `warehouse.sources.Adapter`."""
    frame = pl.read_parquet(path)
    is_read = pl.col("rule").is_null()

    def texts(lines: Collection[int]) -> dict[int, str]:
        wanted = frame.filter(pl.col("line").is_in(list(lines)) & pl.col("text").is_not_null())
        return dict(wanted.select("line", "text").unique("line").iter_rows())

    yield Reading(frame.filter(is_read).drop("rule", "text"), frame.filter(~is_read), texts)
