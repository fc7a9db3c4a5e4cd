"""Files of which no row can be read: not the rows are wrong then, but the way they are read.

Of any feed they are told of. Where all calls that a night reads are in such files, it knows nothing
of the service, and is rejected.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from checks.suites.ledger_files import UNREADABLE
from warehouse.errors import DataRejected, Fault, fault

ALL = f"select path, hash, rows, line, rule from ({UNREADABLE.format(batch='ledger.files')})"
CALLS = "select file, reading, rows_raw from ledger.files where feed = 'calls' and rows_read > 0"


@dataclass(frozen=True)
class UnreadableFile:
    """`path` in the landing folder, its `hash` as commands take it; the first row, and its rule."""

    path: str
    hash: str
    rows: int
    line: int
    rule: str


def unreadable_files(connection: duckdb.DuckDBPyConnection) -> list[UnreadableFile]:
    """Files whose every row is in quarantine and was not corrected since."""
    return [UnreadableFile(*row) for row in connection.execute(ALL).fetchall()]


def reject_if_no_calls_can_be_read(
    connection: duckdb.DuckDBPyConnection, before: Mapping[str, str]
) -> None:
    """Stop a night whose calls are all in quarantine.

    Args:
        before: how each file of the warehouse in use was read.

    Raises:
        DataRejected: one sentence for each file.
    """
    calls = connection.execute(CALLS).fetchall()
    tonight = {file[:12]: rows for file, reading, rows in calls if before.get(file) != reading}
    if any(tonight.values()):
        return
    faults = [_said(file) for file in unreadable_files(connection) if file.hash in tonight]
    if faults:
        raise DataRejected(*faults)


def _said(file: UnreadableFile) -> Fault:
    return fault(
        "{path}: none of its {rows} rows can be read (line {line}: {rule}); say in"
        " [feeds.calls] of the settings how they are written, or take the file out with:"
        " qos withdraw {hash}",
        path=file.path,
        rows=f"{file.rows:,}",
        line=file.line,
        rule=file.rule,
        hash=file.hash,
    )
