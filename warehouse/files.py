"""Files that are either wholly there or not at all."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PRIVATE = 0o600
CHUNK_BYTES = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in `folder` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the contents of `path` outlive a power cut."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def put_in_place(temporary: Path, final: Path) -> None:
    """Give a finished file its name in one step."""
    sync_file(temporary)
    temporary.replace(final)
    sync_folder(final.parent)


def private_folder(folder: Path) -> Path:
    """A folder that only its owner may enter, made if missing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def copy_and_hash(source: Path, target: Path, size: int) -> str:
    """Copy `size` bytes to a private file and return their SHA-256 as 64 hex digits.

    A source that grows faster than it can be copied must not fill the disk.
    """
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with (
        source.open("rb") as reader,
        os.fdopen(descriptor, "wb") as writer,
        ThreadPoolExecutor(max_workers=1) as thread,  # both take about as long
    ):
        while chunk := reader.read(min(CHUNK_BYTES, size)):
            hashing = thread.submit(digest.update, chunk)
            writer.write(chunk)
            hashing.result()
            size -= len(chunk)
    return digest.hexdigest()


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes as 64 hex digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
