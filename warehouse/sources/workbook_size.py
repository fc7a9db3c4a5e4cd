"""Whether a workbook is one, and small enough to be opened: what is said of sizes may be wrong.

A sheet takes memory for every cell between its first and its last, also where there is nothing, and
one slip of the hand puts a blank at the end of a million rows.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from warehouse.errors import DataRejected, fault

LARGEST_UNPACKED_BYTES = 1 << 29
MOST_CELLS = 20_000_000
MOST_COLUMNS = 1_000
CHUNK = 1 << 20
ANY_SIZE = 1 << 60
LONGEST_PLACE = 32
PLACE = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")


def require_workbook(path: Path, name: str) -> None:
    """Raise DataRejected unless `path`, called `name` in messages, can be opened as a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise DataRejected(
                    fault("{name} is a zip file and no XLSX; deliver what is in it", name=name)
                )
            left = LARGEST_UNPACKED_BYTES
            for member in archive.infolist():
                left -= _measured(archive, member, left, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError):
        raise broken(name) from None


def broken(name: str) -> DataRejected:
    """What is said of a workbook that cannot be read."""
    return DataRejected(
        fault("{name} is no workbook that can be read; save it as XLSX or CSV again", name=name)
    )


def _measured(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, name: str) -> int:
    """How many bytes a member really has."""
    size, columns, rows, rest = 0, 0, 0, b""
    for chunk in _chunks(archive, member):
        size += len(chunk)
        if size > left:
            raise DataRejected(
                fault(
                    "{name} has more than 512 MiB when unpacked; deliver it as CSV or in smaller"
                    " files",
                    name=name,
                )
            )
        if member.filename.startswith("xl/worksheets/"):
            places = set(PLACE.findall(rest + chunk))
            rest = chunk[-LONGEST_PLACE:]
            columns = max(columns, *(_number(letters) for letters in {p[0] for p in places}), 0)
            rows = max(rows, *(int(digits[:10]) for digits in {p[1] for p in places}), 0)
    if columns > MOST_COLUMNS or columns * rows > MOST_CELLS:
        raise DataRejected(
            fault(
                "{name} has a sheet of {rows} rows and {columns} columns; delete what is far from"
                " the table, or deliver it as CSV",
                name=name,
                rows=f"{rows:,}",
                columns=f"{columns:,}",
            )
        )
    return size


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    member.file_size = ANY_SIZE  # else no more is read than the directory says there is
    with archive.open(member) as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _number(letters: bytes) -> int:
    """The number of a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - ord("A") + 1
    return number
