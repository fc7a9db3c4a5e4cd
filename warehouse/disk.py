"""When the machine gives no room: a full disk, a quota, a folder that may not be written to.

Everything that is written is written beside its place and renamed, so such a run leaves things as
they were; the next one with room ends as if nothing had happened.
"""

import errno
from collections.abc import Iterator

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)
# What DuckDB, Polars and SQLite say of it; they keep no error number.
SAID = {
    "no space left on device": NO_ROOM,
    "disk quota exceeded": NO_ROOM,
    "file too large": NO_ROOM,
    "database or disk is full": NO_ROOM,
    "disk i/o error": NO_ROOM,
    "read-only file system": FORBIDDEN,
    "readonly database": FORBIDDEN,
    "permission denied": FORBIDDEN,
    "unable to open database file": FORBIDDEN,
}


def is_no_room(error: OSError) -> bool:
    """Whether nothing is wrong with what was to be written, but that there is no room for it."""
    return error.errno in NO_ROOM


def sentence(error: BaseException) -> str | None:
    """What to do about an error, or about what it came from, if the disk is its cause; or None."""
    for cause in _causes(error):
        numbers, place = _numbers(cause)
        if any(number in NO_ROOM for number in numbers):
            return f"{place}no room on the disk; make some and run again, nothing is lost"
        if any(number in FORBIDDEN for number in numbers):
            return f"{place}may not be written to or read; give its owner the right and run again"
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _numbers(cause: BaseException) -> tuple[tuple[int, ...], str]:
    """The error numbers that an exception stands for, and the place that it names."""
    if isinstance(cause, OSError) and cause.errno:
        return (cause.errno,), f"{cause.filename}: " if cause.filename else ""
    first_line = (str(cause).splitlines() or [""])[0]
    for words, numbers in SAID.items():
        if words in first_line.lower():
            return numbers, f"{first_line}: "
    return (), ""
