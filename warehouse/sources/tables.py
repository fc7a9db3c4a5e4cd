"""A file of rows and columns, whatever it is written in: told by its first bytes, not its name."""

from collections.abc import Iterator
from pathlib import Path

from warehouse.sources import Feed, columnar, text, workbooks
from warehouse.sources.text import Table


def read_table(path: Path, name: str, feed: Feed) -> Iterator[Table]:
    """Read a Parquet file, a workbook, or else delimited text, all as text, part by part.

    Raises:
        DataRejected: the file cannot be read as a whole.
    """
    begin = _begin(path)
    if begin.startswith(columnar.MAGIC):
        return columnar.read_parquet(path, name, feed)
    if begin.startswith(workbooks.MAGIC):
        return iter([workbooks.read_workbook(path, name, feed)])
    return text.read_text(path, name, feed.encoding, feed.separator)


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
