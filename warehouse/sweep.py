"""What an interrupted run left is taken away before the next one begins."""

import shutil

from warehouse.connect import discard_clone
from warehouse.folders import Folders
from warehouse.manifest import Manifest


def sweep(folders: Folders, manifest: Manifest) -> None:
    """Remove half-written files, and rows of files that never came to be in the manifest.

    Of the archive only what was erased is removed: other bytes may be all there is of a file.
    """
    discard_clone(folders)
    for name in (".incoming", ".rewritten", "..rewritten"):
        for unfinished in folders.archive.glob(f"*/{name}"):
            unfinished.unlink()
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
