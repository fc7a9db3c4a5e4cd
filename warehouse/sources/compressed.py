"""The bytes of a file, compressed with gzip or not: logs are compressed once they are rotated."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from warehouse.errors import DataRejected, fault

GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def uncompressed(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The file, uncompressed if need be.

    Args:
        name: what it is called in messages.

    Raises:
        DataRejected: its compression is damaged.
    """
    with path.open("rb") as start:
        is_compressed = start.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    try:
        with gzip.open(path) if is_compressed else path.open("rb") as handle:
            yield cast(IO[bytes], handle)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DataRejected(
            fault(
                "{name} cannot be uncompressed ({why}); deliver it again or remove it",
                name=name,
                why=error,
            )
        ) from error
