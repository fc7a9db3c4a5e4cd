"""What lies in the landing folder, and bringing it in: landing -> archive -> raw.

The landing folder is never written to. A file is copied into the archive's own folder, read, and
only if it can be read as a whole does it get its place there and a line in the manifest.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.disk import is_no_room
from warehouse.errors import DataRejected, fault
from warehouse.files import copy_and_hash, private_folder, put_in_place, sync_file
from warehouse.folders import Folders
from warehouse.manifest import Arrival, Manifest, add_arrival, read_manifest
from warehouse.raw import write_raw
from warehouse.sources import Feed
from warehouse.sources.canonical import named_day

UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control and format characters, bytes that are no UTF-8


@dataclass(frozen=True)
class Landed:
    """A file that nobody has seen under this name, size and time."""

    feed: Feed
    path: Path

    @property
    def name(self) -> str:
        return f"{self.feed.name}/{self.path.name}"


@dataclass(frozen=True)
class Survey:
    """What a look into the landing folder found; `unread` is what belongs to no feed."""

    new: tuple[Landed, ...]
    unread: tuple[str, ...]


def survey(landing: Path, feeds: Mapping[str, Feed], manifest: Manifest) -> Survey:
    """Look for files that are new, in order of feed and name. Hidden files are nobody's business.

    Raises:
        DataRejected: there is no landing folder, or a feed is not a folder.
    """
    if not landing.is_dir():
        raise DataRejected(
            fault("{path}: there is no such landing folder; make it or set [paths]", path=landing)
        )
    faults = [
        fault(
            "{path}: not a folder; make it one and put the files of this feed into it",
            path=landing / name,
        )
        for name in feeds
        if (landing / name).exists() and not (landing / name).is_dir()
    ]
    faults += [
        fault(
            "{path}: a link that leads out of the landing folder; put the files into it, or set"
            " [paths] landing",
            path=landing / name,
        )
        for name in feeds
        if not (landing / name).resolve().is_relative_to(landing.resolve())
    ]
    if faults:
        raise DataRejected(*faults)
    folders = sorted(p for p in landing.iterdir() if p.is_dir() and not p.name.startswith("."))
    entries = [
        Landed(feeds[folder.name], path)
        for folder in folders
        if folder.name in feeds
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
    ]
    known = manifest.landed
    new = tuple(e for e in entries if _stamp(e) not in known)
    return Survey(new, _unread(landing, feeds))


def _unread(landing: Path, feeds: Mapping[str, Feed]) -> tuple[str, ...]:
    """What lies in the landing folder and belongs to no feed: other folders, and stray files."""
    others = sorted(p for p in landing.iterdir() if p.name not in feeds and p.name[0] != ".")
    return tuple(_shown(p.name) + ("/" if p.is_dir() else "") for p in others)


def _stamp(entry: Landed) -> tuple[str, str, int, int]:
    state = entry.path.lstat()
    return entry.feed.name, entry.path.name, state.st_size, state.st_mtime_ns


def _shown(name: str) -> str:
    """A name as it can be printed and kept, whatever its bytes are."""
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in UNSHOWN else c for c in name)


def bring_in(entry: Landed, folders: Folders, key: bytes, now: datetime) -> Arrival | None:
    """Archive one file and write its raw rows; None if these bytes came before.

    Raises:
        DataRejected: the file cannot be read as a whole; nothing of it is kept.
    """
    _require_plain_file(entry)
    archive = private_folder(folders.archive / entry.feed.name)
    copy = archive / ".incoming"
    try:
        stamp, content = _copy(entry, copy)
        file = _identity(entry, content, read_manifest(folders.manifest))
        if file is None:
            return None
        with ThreadPoolExecutor(max_workers=1) as thread:
            synced = thread.submit(sync_file, copy)  # the disk has it by the time that it is read
            write_raw(copy, file, entry.feed, entry.name, folders, key)
            synced.result()
        put_in_place(copy, archive / file)
    finally:
        copy.unlink(missing_ok=True)
    feed, name, size, modified_ns = stamp
    return add_arrival(
        folders.manifest,
        file=file,
        feed=feed,
        name=name,
        size=size,
        modified_ns=modified_ns,
        now=now,
    )


def _identity(entry: Landed, content: str, manifest: Manifest) -> str | None:
    """What the file is known by from now on: the hash of its bytes; None if it came before.

    A roster is also what its name says: the same bytes under another date are another roster, which
    is known by a hash of both.
    """
    known = {arrival.file: arrival.name for arrival in manifest.came}
    if content not in known:
        return None if content in manifest.files else content
    day, known_day = named_day(entry.path.name), named_day(known[content])
    if entry.feed.name != "roster" or None in (day, known_day) or day == known_day:
        return None
    file = hashlib.sha256(f"{content} {day}".encode()).hexdigest()
    return None if file in manifest.files else file


def _require_plain_file(entry: Landed) -> None:
    if entry.path.is_symlink() or not entry.path.is_file():
        raise DataRejected(
            fault(
                "{path}: not a plain file; remove it or put its files into {folder}",
                path=entry.path,
                folder=entry.path.parent,
            )
        )
    if _shown(entry.path.name) != entry.path.name:
        raise DataRejected(
            fault(
                "{folder}/{name}: strange characters; rename it",
                folder=entry.path.parent,
                name=_shown(entry.path.name),
            )
        )


def _copy(entry: Landed, copy: Path) -> tuple[tuple[str, str, int, int], str]:
    """The stamp and the content hash of what was copied."""
    try:
        stamp = _stamp(entry)
        file = copy_and_hash(entry.path, copy, size=stamp[2])
        is_whole = _stamp(entry) == stamp
    except OSError as error:
        if is_no_room(error) or error.filename == str(copy):
            raise
        raise DataRejected(
            fault(
                "{path}: cannot be copied to {folder} ({why}); make it readable",
                path=entry.path,
                folder=copy.parent,
                why=error.strerror,
            )
        ) from error
    if not is_whole:
        raise DataRejected(
            fault("{path}: still being written; run again when it is complete", path=entry.path)
        )
    return stamp, file
