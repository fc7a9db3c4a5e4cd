"""A file that was made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MadeUpFile:
    """`site` reads it as a file of its `feed`; `records` is None where readers may differ."""

    site: str
    feed: str
    content: bytes
    records: int | None
