"""The bytes of a file, compressed with gzip or not: logs are compressed once they are rotated."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from warehouse.errors import DataRejected, fault

GZIP_MAGIC = b"\x1f\x8b"
OTHER_MAGIC = {  # first bytes of what looks like a text in an odd encoding
    b"PK\x03\x04": "zip/XLSX",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"(\xb5/\xfd": "zstandard",
    b"7z\xbc\xaf\x27\x1c": "7z",
}
LONGEST_MAGIC = max(map(len, OTHER_MAGIC))


@contextmanager
def uncompressed(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The file, uncompressed if need be.

    Args:
        name: what it is called in messages.

    Raises:
        DataRejected: its compression is damaged, or another one.
    """
    with path.open("rb") as start:
        begin = start.read(LONGEST_MAGIC)
    is_compressed = begin.startswith(GZIP_MAGIC)
    other = next((kind for magic, kind in OTHER_MAGIC.items() if begin.startswith(magic)), None)
    if other:
        raise DataRejected(
            fault(
                "{name} is a {kind} file; deliver what it holds as text, plain or with gzip",
                name=name,
                kind=other,
            )
        )
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
