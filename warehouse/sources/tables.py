"""A file of rows and columns, whatever it is written in: told by its first bytes, not its name."""

from collections.abc import Collection
from pathlib import Path

from warehouse.sources import Feed, columnar, text, workbooks
from warehouse.sources.text import Table


def read_table(path: Path, name: str, feed: Feed) -> Table:
    """Read a Parquet file, a workbook, or else delimited text, all as text.

    Raises:
        DataRejected: the file cannot be read as a whole.
    """
    begin = _begin(path)
    if begin.startswith(columnar.MAGIC):
        return columnar.read_parquet(path, name, feed)
    if begin.startswith(workbooks.MAGIC):
        return workbooks.read_workbook(path, name, feed)
    return text.read_text(path, name, feed.encoding, feed.separator)


def texts(path: Path, feed: Feed, lines: Collection[int]) -> dict[int, str]:
    """The original text of some rows, by line; what was no text, as comma-separated values."""
    begin = _begin(path)
    if begin.startswith((columnar.MAGIC, workbooks.MAGIC)):
        return text.rows_as_text(read_table(path, path.name, feed), lines)
    return text.texts(path, feed, lines)


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
