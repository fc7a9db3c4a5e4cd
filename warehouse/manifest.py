"""The archive's diary: one line per arrival, withdrawal, release or erasure. It alone decides which
files are in, and what of them.

A line is written with fsync before anything relies on it; a last line that a power cut tore is
dropped. What is in the warehouse can always be made again from these lines and the archived bytes.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
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
    """What the diary says.

    Attributes:
        came: the arrivals in order, with the content hashes under which they came.
        arrivals: those of which something is left, with the hashes that they have in the archive.
        withdrawn: hashes of files that are out.
        released: rules that rows of a file may break, by the file's hash.
        erased: hashes of files that were rewritten without some of their rows, or removed.
        retained_from: the first day of calls that retention has left; None before it began.
    """

    came: tuple[Arrival, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    withdrawn: frozenset[str] = frozenset()
    released: Mapping[str, frozenset[str]] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()
    retained_from: date | None = None

    @property
    def files(self) -> set[str]:
        """The content hashes of all files that ever came in; none of them comes in again."""
        return {arrival.file for arrival in (*self.came, *self.arrivals)}

    @property
    def active(self) -> tuple[Arrival, ...]:
        """The arrivals that are in."""
        return tuple(a for a in self.arrivals if a.file not in self.withdrawn)

    @property
    def landed(self) -> set[tuple[str, str, int, int]]:
        """Feed, name, size and time of change: what is known need not be hashed again."""
        return {(a.feed, a.name, a.size, a.modified_ns) for a in self.came}


def read_manifest(path: Path) -> Manifest:
    """Read the diary; a torn last line does not count."""
    if not path.exists():
        return Manifest()
    complete, _, _ = path.read_bytes().rpartition(b"\n")
    return _told(_event(path, n, line) for n, line in enumerate(complete.splitlines(), start=1))


def _told(events: Iterable[dict[str, dict[str, Any]]]) -> Manifest:
    """What the lines say, one after the other. An erasure gives files other hashes, or none."""
    came: list[Arrival] = []
    current: dict[str, Arrival] = {}
    withdrawn: set[str] = set()
    released: dict[str, frozenset[str]] = {}
    erased: set[str] = set()
    retained_from = None
    for event in events:
        if said := event.get("arrived"):
            arrival = Arrival(**said)
            came.append(arrival)
            current[arrival.file] = arrival
        if said := event.get("withdrawn"):
            withdrawn.add(said["file"])
        if said := event.get("released"):
            released[said["file"]] = released.get(said["file"], frozenset()) | {said["rule"]}
        if said := event.get("erased"):
            for old, new in said["files"].items():
                erased.add(old)
                arrival = current.pop(old)
                if new:
                    current[new] = replace(arrival, file=new)
                    withdrawn |= {new} if old in withdrawn else set()
                    released |= {new: released[old]} if old in released else {}
            if said["retained_from"]:
                retained_from = date.fromisoformat(said["retained_from"])
    return Manifest(
        came=tuple(came),
        arrivals=tuple(sorted(current.values(), key=lambda arrival: arrival.arrival)),
        withdrawn=frozenset(withdrawn),
        released=released,
        erased=frozenset(erased),
        retained_from=retained_from,
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
        arrival=len(read_manifest(path).came) + 1,
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
    found = named_arrival(read_manifest(path), named)
    _add(path, {"withdrawn": {"file": found.file, "at": now.isoformat(timespec="seconds")}})
    return found


def add_release(path: Path, file: str, rule: str, now: datetime) -> None:
    """Write down that rows of a file come in though they break a rule."""
    at = now.isoformat(timespec="seconds")
    _add(path, {"released": {"file": file, "rule": rule, "at": at}})


def add_erasure(
    path: Path, files: Mapping[str, str | None], retained_from: date | None, now: datetime
) -> None:
    """Write down which archived files were rewritten, under which hash, or removed (None).

    Args:
        retained_from: if it was retention that removed them: the first day that is left.
    """
    said = {
        "files": dict(files),
        "retained_from": retained_from.isoformat() if retained_from else None,
        "at": now.isoformat(timespec="seconds"),
    }
    _add(path, {"erased": said})


def named_arrival(manifest: Manifest, named: str) -> Arrival:
    """The file that is in whose hash is, or begins, so.

    Raises:
        ConfigurationError: no file that is in begins so, or several do.
    """
    found = [a for a in manifest.active if named and a.file.startswith(named.lower())]
    if len(found) != 1:
        fault = "no file that is in" if not found else f"{len(found)} files"
        raise ConfigurationError(
            f"{named!r} names {fault}; qos show files tells the beginnings of their hashes"
        )
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
