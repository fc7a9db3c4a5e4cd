"""Is all there that everything is made from? The diary of what came, and the bytes it lists."""

from collections.abc import Collection
from pathlib import Path

from warehouse.errors import ConfigurationError, DataRejected, Fault, fault
from warehouse.folders import Folders
from warehouse.manifest import Arrival, Manifest


def require_diary(folders: Folders, manifest: Manifest, in_use: Collection[str]) -> None:
    """What the warehouse in use was made from, the diary knows: else it was lost, or is an old one.

    Args:
        in_use: the hashes of the files in the warehouse.

    Raises:
        DataRejected: to go on would empty the warehouse.
    """
    lost = set(in_use) - manifest.files - manifest.erased
    if lost:
        raise DataRejected(
            fault(
                "{path}: knows nothing of {count} files that are in the warehouse; put back the"
                " newest copy of the archive, or, if there is none, remove {warehouse} and run: qos"
                " run",
                path=folders.manifest,
                count=len(lost),
                warehouse=folders.warehouse,
            )
        )


def require_files(folders: Folders, manifest: Manifest, feeds: Collection[str]) -> None:
    """Everything can be made anew: the archive holds what the diary lists.

    Raises:
        ConfigurationError: nothing ever came.
        DataRejected: files are gone, each of them named.
    """
    if not manifest.came:
        raise ConfigurationError(
            f"{folders.archive}: nothing was received yet, so there is nothing to make anew; what"
            " lies in the landing folder is read by: qos run"
        )
    needed = [arrival for arrival in manifest.active if arrival.feed in feeds]
    missing = [of for of in needed if not archived(folders, of).exists()]
    if missing and len(missing) == len(needed):
        raise DataRejected(
            fault(
                "{path}: none of the {count} files that its manifest lists is here; put them back",
                path=folders.archive,
                count=len(missing),
            )
        )
    if missing:
        raise DataRejected(*(gone(folders, of) for of in missing))


def archived(folders: Folders, of: Arrival) -> Path:
    """Where the bytes of an arrival are."""
    return folders.archive / of.feed / of.file


def gone(folders: Folders, of: Arrival) -> Fault:
    """That they are not there, and what to do."""
    return fault(
        "{path}: {name} is gone; put it back, or run: qos withdraw {file}",
        path=archived(folders, of),
        name=of.name,
        file=of.file[:12],
    )
