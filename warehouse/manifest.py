"""The archive's diary: one line per arrival. It alone decides which files are in.

A line is written with fsync before anything relies on it; a last line that a power cut tore is
dropped. What is in the warehouse can always be made again from these lines and the archived bytes.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from warehouse.files import PRIVATE, private_folder, sync_folder


@dataclass(frozen=True)
class Arrival:
    """A file that came in. `arrival` counts from 1; `size` and `modified_ns` are landing's."""

    arrival: int
    file: str
    feed: str
    name: str
    size: int
    modified_ns: int
    at: str


@dataclass(frozen=True)
class Manifest:
    """What the diary says, in order of arrival."""

    arrivals: tuple[Arrival, ...]

    @property
    def files(self) -> set[str]:
        """The content hashes of all files that ever came in."""
        return {arrival.file for arrival in self.arrivals}

    @property
    def landed(self) -> set[tuple[str, str, int, int]]:
        """Feed, name, size and time of change: what is known need not be hashed again."""
        return {(a.feed, a.name, a.size, a.modified_ns) for a in self.arrivals}


def read_manifest(path: Path) -> Manifest:
    """Read the diary; a torn last line does not count."""
    if not path.exists():
        return Manifest(())
    complete, _, _ = path.read_bytes().rpartition(b"\n")
    events = [json.loads(line) for line in complete.splitlines()]
    return Manifest(tuple(Arrival(**event["arrived"]) for event in events))


def add_arrival(
    path: Path, *, file: str, feed: str, name: str, size: int, modified_ns: int, now: datetime
) -> Arrival:
    """Write down an arrival, durably, behind the last complete line."""
    arrival = Arrival(
        arrival=len(read_manifest(path).arrivals) + 1,
        file=file,
        feed=feed,
        name=name,
        size=size,
        modified_ns=modified_ns,
        at=now.isoformat(timespec="seconds"),
    )
    private_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
    with os.fdopen(descriptor, "r+b") as handle:
        complete = handle.read().rfind(b"\n") + 1
        handle.seek(complete)
        handle.truncate()
        handle.write(json.dumps({"arrived": asdict(arrival)}).encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())
    sync_folder(path.parent)
    return arrival
