"""The warehouses of earlier nights, and what takes the place of one that does not open any more."""

import os
from datetime import date
from pathlib import Path

import duckdb

from warehouse import connect
from warehouse.errors import ConfigurationError
from warehouse.files import private_folder, sync_folder
from warehouse.folders import Folders
from warehouse.ledger.made_from import Build, last_build

HEADER_BYTES = 3 * 4096  # what comes before the blocks of a DuckDB file

# What DuckDB says of a file that is not, or no longer, what it wrote.
DAMAGE = ("corrupt", "checksum", "not a valid duckdb database file", "serialization error")


def publish(folders: Folders, number: int) -> None:
    """Put a finished clone in the place of the warehouse, and keep the `number` before it."""
    if folders.warehouse.exists():
        _keep(folders)
    connect.publish(folders)
    keep_newest(folders, number)


def keep_newest(folders: Folders, number: int) -> None:
    """Give back the room of all kept warehouses but the `number` newest."""
    for path in _newest_first(folders)[number:]:
        path.unlink()


def _keep(folders: Folders) -> None:
    """Give the warehouse in use a second name, which it keeps when another takes its place."""
    with connect.reading(folders.warehouse) as connection:
        build = last_build(connection)
    name = f"{build.as_of}-{build.input_hash}" if build else "empty"
    target = private_folder(folders.kept) / f"{name}.duckdb"
    if target.exists() and not target.samefile(folders.warehouse):
        target.unlink()
    if not target.exists():
        os.link(folders.warehouse, target)
    sync_folder(folders.kept)


def forget_others(folders: Folders) -> None:
    """Remove the warehouses that were rejected or set aside as damaged."""
    for path in (folders.rejected, folders.damaged):
        path.unlink(missing_ok=True)


def replace_damaged(folders: Folders) -> str:
    """Set aside a warehouse that does not open; the newest kept one that does takes its place.

    What was done, as a sentence. Without a good one the next night makes all anew.
    """
    folders.warehouse.replace(folders.damaged)
    sync_folder(folders.home)
    said = f"{folders.warehouse} does not open any more; it is set aside as {folders.damaged.name}"
    for path in _newest_first(folders):
        if night_of(path):
            os.link(path, folders.warehouse)
            sync_folder(folders.home)
            return f"{said}, and {path.name} takes its place"
        path.unlink()
    return f"{said}, and everything is made anew from the archive"


def build_of(warehouse: Path) -> Build | None:
    """What a warehouse was made for and from; None if it is not there or not whole."""
    try:
        with connect.reading(warehouse) as connection:
            return last_build(connection) if _is_whole(connection, warehouse) else None
    except (ConfigurationError, duckdb.Error):
        return None


def _is_whole(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> bool:
    """Whether the blocks in use can be in the file: one that was cut may open, and fail later."""
    found = connection.execute(
        "select used_blocks * block_size from pragma_database_size()"
        " where database_name = 'warehouse'"
    ).fetchall()
    return warehouse.stat().st_size >= HEADER_BYTES + int(found[0][0])


def readings(warehouse: Path) -> dict[str, str]:
    """How each file of a warehouse was read; none if it is not there or does not open."""
    try:
        with connect.reading(warehouse) as connection:
            return dict(connection.execute("select file, reading from ledger.files").fetchall())
    except (ConfigurationError, duckdb.Error):
        return {}


def night_of(warehouse: Path) -> date | None:
    """The night that a warehouse was made for; None if it is not there or does not open."""
    build = build_of(warehouse)
    return build.as_of if build else None


def definitions(warehouse: Path) -> dict[str, str]:
    """The version of every metric in a warehouse; none if it is not there or has no such table."""
    try:
        with connect.reading(warehouse) as connection:
            query = "select metric, version from metrics.definition"
            return dict(connection.execute(query).fetchall())
    except (ConfigurationError, duckdb.Error):
        return {}


def is_damage(error: duckdb.Error) -> bool:
    """Whether the file is at fault, not the query."""
    return any(word in str(error).lower() for word in DAMAGE)


def _newest_first(folders: Folders) -> list[Path]:
    """The kept warehouses but for the one in use, which may have a name here already."""
    in_use = folders.warehouse.stat().st_ino if folders.warehouse.exists() else None
    kept = [(path.stat(), path) for path in folders.kept.glob("*.duckdb")]
    others = [(state.st_mtime_ns, path) for state, path in kept if state.st_ino != in_use]
    return [path for _, path in sorted(others, reverse=True)]
