"""Opening, cloning and publishing the warehouse: write, audit, publish, by file.

The warehouse in use is never written to. A night works on a clone, and one rename puts the clone in
its place; whoever reads the old file goes on reading it. Beside the clone there is the catalogue
`raw`, which lives in memory for as long as the connection does.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import ConfigurationError, WarehouseBusy
from warehouse.files import PRIVATE, private_folder, put_in_place, sync_folder
from warehouse.folders import Folders
from warehouse.raw import literal

READ_ONLY = 0o440
QUIETLY = "set enable_progress_bar = false"  # else it draws over what a slow night says
MOST_MEMORY = "3GB"  # of DuckDB's; what does not fit waits in a folder beside the clone
STORAGE = "v1.5.0"  # of a new file: its way to pack strings takes a third less time to write


@contextmanager
def writing(folders: Folders) -> Iterator[None]:
    """Be the only writer of this site, or leave.

    Raises:
        ConfigurationError: no warehouse can be written there.
        WarehouseBusy: another run holds the lock.
    """
    if "?" in str(folders.warehouse):  # DuckDB takes what follows for parameters
        raise ConfigurationError(f"{folders.warehouse}: choose a place without ? in its path")
    try:
        private_folder(folders.home)
        descriptor = os.open(folders.lock, os.O_RDWR | os.O_CREAT, PRIVATE)
        if not os.access(folders.home, os.W_OK):
            os.close(descriptor)
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise ConfigurationError(
            f"{folders.home}: cannot be written to ({error.strerror}); set [paths] warehouse"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise WarehouseBusy(
            f"{folders.warehouse}: another run is writing to it; wait until it has ended"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, read-only.

    Raises:
        ConfigurationError: there is none yet, or it is not a warehouse.
    """
    if not warehouse.exists():
        raise ConfigurationError(f"{warehouse}: no such warehouse; make it with: qos run")
    with duckdb.connect() as connection:
        connection.execute(QUIETLY)
        try:
            connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
        except duckdb.Error as error:
            raise _unreadable(warehouse, error) from error
        # By name: a file called metrics.duckdb would make `metrics.period` mean two things.
        connection.execute("use warehouse")
        connection.execute("set timezone = 'UTC'")
        yield connection


@contextmanager
def writing_clone(folders: Folders, *, is_new: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The night's own copy of the warehouse, to be written to; an empty one on the first night.

    Args:
        is_new: begin with an empty file: what is deleted in a copy leaves its bytes.

    Raises:
        ConfigurationError: the file in use is not a warehouse.
    """
    discard_clone(folders)
    if folders.warehouse.exists() and not is_new:
        _copy(folders.warehouse, folders.clone)
    try:
        connection = duckdb.connect(
            folders.clone, config={"storage_compatibility_version": STORAGE}
        )
    except duckdb.Error as error:
        raise _unreadable(folders.warehouse, error) from error
    with connection:
        connection.execute(QUIETLY)
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set memory_limit = '{MOST_MEMORY}'")
        connection.execute("set parquet_metadata_cache = true")  # each model asks the same files
        connection.execute("attach ':memory:' as raw")
        yield connection
        connection.execute("checkpoint")


def _unreadable(path: Path, error: duckdb.Error) -> ConfigurationError:
    return ConfigurationError(
        f"{path}: cannot be opened as a warehouse ({str(error).splitlines()[0]}); the next run puts"
        " the last good one in its place, or makes it anew from the archive: qos run"
    )


def _copy(source: Path, target: Path) -> None:
    """Copy a file inside the kernel, where filesystems that can do so share the blocks."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with source.open("rb") as reader, os.fdopen(descriptor, "wb") as writer:
        left = os.fstat(reader.fileno()).st_size
        while left > 0:
            left -= os.copy_file_range(reader.fileno(), writer.fileno(), left)


def publish(folders: Folders) -> None:
    """Put a clone that no connection holds any more in the place of the warehouse."""
    stale = _wal(folders.clone)
    if stale.exists():
        raise RuntimeError(f"{stale} is left over: the clone was not finished")
    with reading(folders.clone) as connection:
        connection.execute("select input_hash from ledger.build").fetchall()
    _wal(folders.warehouse).unlink(missing_ok=True)
    folders.clone.chmod(READ_ONLY)
    put_in_place(folders.clone, folders.warehouse)


def set_aside_clone(folders: Folders) -> Path:
    """Keep a rejected clone to look at, in the place of the one rejected before."""
    _wal(folders.clone).unlink(missing_ok=True)
    folders.clone.replace(folders.rejected)
    sync_folder(folders.home)
    return folders.rejected


def discard_clone(folders: Folders) -> None:
    """Forget what an interrupted night left."""
    folders.clone.unlink(missing_ok=True)
    _wal(folders.clone).unlink(missing_ok=True)
    shutil.rmtree(folders.clone.with_name(f"{folders.clone.name}.tmp"), ignore_errors=True)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
