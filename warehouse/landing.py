"""What lies in the landing folder, and bringing it in: landing -> archive -> raw.

The landing folder is never written to. A file is copied into the archive's own folder, read, and
only if it can be read as a whole does it get its place there and a line in the manifest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.errors import DataRejected
from warehouse.files import copy_and_hash, private_folder, put_in_place
from warehouse.folders import Folders
from warehouse.manifest import Arrival, Manifest, add_arrival, read_manifest
from warehouse.raw import write_raw
from warehouse.sources import Feed


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
    """What a look into the landing folder found; `unread` are folders no feed is set for."""

    new: tuple[Landed, ...]
    unread: tuple[str, ...]


def survey(landing: Path, feeds: Mapping[str, Feed], manifest: Manifest) -> Survey:
    """Look for files that are new, in order of feed and name. Hidden files are nobody's business.

    Raises:
        DataRejected: there is no landing folder, or something in it is not a plain file.
    """
    if not landing.is_dir():
        raise DataRejected(f"{landing}: there is no such landing folder; make it or set [paths]")
    folders = sorted(p for p in landing.iterdir() if p.is_dir() and not p.name.startswith("."))
    entries = [
        Landed(feeds[folder.name], path)
        for folder in folders
        if folder.name in feeds
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
    ]
    faults = [
        f"{e.path}: not a plain file; remove it or put its files into {e.path.parent}"
        for e in entries
        if e.path.is_symlink() or not e.path.is_file()
    ]
    if faults:
        raise DataRejected(*faults)
    known = manifest.landed
    new = tuple(e for e in entries if _stamp(e) not in known)
    return Survey(new, tuple(f.name for f in folders if f.name not in feeds))


def _stamp(entry: Landed) -> tuple[str, str, int, int]:
    state = entry.path.stat()
    return entry.feed.name, entry.path.name, state.st_size, state.st_mtime_ns


def bring_in(entry: Landed, folders: Folders, key: bytes, now: datetime) -> Arrival | None:
    """Archive one file and write its raw rows; None if these bytes came before.

    Raises:
        DataRejected: the file cannot be read as a whole; nothing of it is kept.
    """
    archive = private_folder(folders.archive / entry.feed.name)
    copy = archive / ".incoming"
    _, name, size, modified_ns = _stamp(entry)
    try:
        file = copy_and_hash(entry.path, copy)
        if file in read_manifest(folders.manifest).files:
            return None
        write_raw(copy, file, entry.feed, entry.name, folders, key)
        put_in_place(copy, archive / file)
    finally:
        copy.unlink(missing_ok=True)
    return add_arrival(
        folders.manifest,
        file=file,
        feed=entry.feed.name,
        name=name,
        size=size,
        modified_ns=modified_ns,
        now=now,
    )
