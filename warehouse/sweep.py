"""What an interrupted run left is taken away before the next one begins."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.connect import discard_clone
from warehouse.folders import Folders
from warehouse.manifest import Manifest

SCRATCH_PREFIX = ".scratch."


def sweep(folders: Folders, manifest: Manifest) -> None:
    """Remove half-written files, and rows of files that never came to be in the manifest.

    Of the archive only what was erased is removed: other bytes may be all there is of a file.
    """
    discard_clone(folders)
    for name in (".incoming", ".rewritten", "..rewritten"):
        for unfinished in folders.archive.glob(f"*/{name}"):
            unfinished.unlink()
    for scratch in folders.home.glob(f"{SCRATCH_PREFIX}*"):
        _remove_abandoned(scratch)
    known = {arrival.file for arrival in manifest.arrivals}
    for erased in manifest.erased:
        for path in folders.archive.glob(f"*/{erased}"):
            path.unlink()
    for folder in (folders.raw, folders.quarantine):
        for path in folder.glob("*/*.parquet"):
            if path.name.startswith(".") or path.name.partition("-")[0] not in known:
                path.unlink()


def forget_readings(folders: Folders) -> None:
    """Remove all rows that were read from the archive; they are read again."""
    for folder in (folders.raw, folders.quarantine):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch_folder(folders: Folders) -> Iterator[Path]:
    """A folder for a while, beside the warehouse; what a kill leaves of it, `sweep` removes."""
    with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=folders.home) as name:
        descriptor = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(descriptor)


def _remove_abandoned(scratch: Path) -> None:
    """Remove a scratch folder that nobody is at work in."""
    descriptor = os.open(scratch, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
    shutil.rmtree(scratch)
