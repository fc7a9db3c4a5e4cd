"""The archive's diary: one line per arrival or withdrawal. It alone decides which files are in.

A line is written with fsync before anything relies on it; a last line that a power cut tore is
dropped. What is in the warehouse can always be made again from these lines and the archived bytes.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.errors import ConfigurationError
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
    """What the diary says: `arrivals` in order, and the content hashes `withdrawn` since."""

    arrivals: tuple[Arrival, ...]
    withdrawn: frozenset[str] = frozenset()

    @property
    def files(self) -> set[str]:
        """The content hashes of all files that ever came in; none of them comes in again."""
        return {arrival.file for arrival in self.arrivals}

    @property
    def active(self) -> tuple[Arrival, ...]:
        """The arrivals that are in."""
        return tuple(a for a in self.arrivals if a.file not in self.withdrawn)

    @property
    def landed(self) -> set[tuple[str, str, int, int]]:
        """Feed, name, size and time of change: what is known need not be hashed again."""
        return {(a.feed, a.name, a.size, a.modified_ns) for a in self.arrivals}


def read_manifest(path: Path) -> Manifest:
    """Read the diary; a torn last line does not count."""
    if not path.exists():
        return Manifest(())
    complete, _, _ = path.read_bytes().rpartition(b"\n")
    events = [_event(path, n, line) for n, line in enumerate(complete.splitlines(), start=1)]
    return Manifest(
        tuple(Arrival(**event["arrived"]) for event in events if "arrived" in event),
        frozenset(event["withdrawn"]["file"] for event in events if "withdrawn" in event),
    )


def _event(path: Path, number: int, line: bytes) -> dict[str, dict[str, Any]]:
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise ConfigurationError(f"{path}, line {number}: damaged; put back the file you saved")
    return event


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
    _add(path, {"arrived": asdict(arrival)})
    return arrival


def add_withdrawal(path: Path, named: str, now: datetime) -> Arrival:
    """Write down that a file is out, for good; which one that was.

    Args:
        named: the file's content hash, or enough of its beginning.

    Raises:
        ConfigurationError: no file that is in begins so, or several do.
    """
    found = [a for a in read_manifest(path).active if named and a.file.startswith(named.lower())]
    if len(found) != 1:
        fault = "no file that is in" if not found else f"{len(found)} files"
        raise ConfigurationError(
            f"{named!r} names {fault}; qos show files tells the beginnings of their hashes"
        )
    at = now.isoformat(timespec="seconds")
    _add(path, {"withdrawn": {"file": found[0].file, "at": at}})
    return found[0]


def _add(path: Path, event: dict[str, object]) -> None:
    private_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
    with os.fdopen(descriptor, "r+b") as handle:
        complete = handle.read().rfind(b"\n") + 1
        handle.seek(complete)
        handle.truncate()
        handle.write(json.dumps(event).encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())
    sync_folder(path.parent)
