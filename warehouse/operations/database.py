"""operations.db: SQLite in WAL mode, one .sql file a table or view beside this module.

What is there already is never lost. A new table or view is its file and nothing more: what is
missing is made at the next opening. A change of a table that sites have is made in its file, which
tells what it is today, and in `changes/` as a numbered file that takes an older database there.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from warehouse.errors import ConfigurationError

Row = Mapping[str, object]

HERE = Path(__file__).parent
# changes/0002_what.sql takes a database from version 1 to version 2.
CHANGES = {int(file.name[:4]): file for file in sorted(HERE.glob("changes/*.sql"))}
SCHEMA_VERSION = max(CHANGES)
# An acknowledgement may be written while a night writes: either waits for the other this long.
BUSY_SECONDS = 30.0


def open_operations(path: Path) -> sqlite3.Connection:
    """Open the database at `path`, made with its tables if it is not there; mode 0600.

    Rows are `sqlite3.Row`. The connection is in autocommit; group statements with `writing`.
    Raises ConfigurationError if the file is no such database, or that of a newer version.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)  # SQLite gives the same mode to its -wal and -shm files
    con = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _prepare(con, path)
    except sqlite3.DatabaseError as error:
        con.close()
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise ConfigurationError(f"{path} is not an operations database: move it away.") from error
    except ConfigurationError:
        con.close()
        raise
    return con


def _prepare(con: sqlite3.Connection, path: Path) -> None:
    con.row_factory = sqlite3.Row
    con.execute("pragma journal_mode = wal")
    con.execute("pragma synchronous = full")  # what was judged must outlive a power cut
    with writing(con):
        version = con.execute("pragma user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise ConfigurationError(f"{path} was written by a newer version of qos: update qos.")
        if 0 < version < SCHEMA_VERSION:
            for number in range(version + 1, SCHEMA_VERSION + 1):
                _run(con, CHANGES[number])
        _create_missing(con)
        if version < SCHEMA_VERSION:
            con.execute(f"pragma user_version = {SCHEMA_VERSION}")
    con.execute(
        "pragma foreign_keys = on"
    )  # from here on: a table that is made anew is referred to


def _create_missing(con: sqlite3.Connection) -> None:
    """Make the tables, with their triggers, and the views that this database has not yet."""
    there = {name for (name,) in con.execute("select name from sqlite_master")}
    for file in sorted(HERE.glob("*.sql")):
        if file.stem not in there:
            _run(con, file)


def _run(con: sqlite3.Connection, script: Path) -> None:
    for statement in _statements(script.read_text(encoding="utf-8")):
        con.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; `executescript` would commit the transaction around it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def writing(con: sqlite3.Connection) -> Iterator[None]:
    """One transaction; inside another one, part of it.

    A first load judges hundreds of nights and says what it found in one summary: it wraps all of
    them in one `writing`, so that a kill leaves either everything or nothing.
    """
    if con.in_transaction:
        yield
        return
    con.execute("begin immediate")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


@contextmanager
def operations(path: Path) -> Iterator[sqlite3.Connection]:
    """`open_operations`, closed at the end of the block."""
    with closing(open_operations(path)) as con:
        yield con


def insert(con: sqlite3.Connection, table: str, row: Row, on_conflict: str = "") -> int:
    """Insert a row; returns its rowid. Column names come from our own code, never from data."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    cursor = con.execute(
        f"insert into {table} ({names}) values ({marks}) {on_conflict}", tuple(row.values())
    )
    return cursor.lastrowid or 0
