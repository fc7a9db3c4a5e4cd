"""operations.db as it stood after an earlier night, as a copy in memory."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

# The copy has no append-only triggers: what came later is taken out of it, never out of the file.
TRIGGERS = "select name from sqlite_master where type = 'trigger'"
LATER = (
    "delete from verdict where as_of > ?1",
    "delete from trigger_state where as_of > ?1",
    "delete from attribution where as_of > ?1",
    "delete from judging where as_of > ?1",
    "delete from check_result where run_id in (select run_id from run where as_of > ?1)",
    "delete from run where as_of > ?1",
    "delete from outbox"
    " where incident_id in (select incident_id from incident where opened_on > ?1)",
    "delete from acknowledgement"
    " where incident_id in (select incident_id from incident where opened_on > ?1)",
    "delete from incident_change where as_of > ?1",
    "delete from incident where opened_on > ?1",
    "update incident set state = 'open', resolved_on = null where resolved_on > ?1",
)


@contextmanager
def as_it_stood(con: sqlite3.Connection, night: date) -> Iterator[sqlite3.Connection]:
    """A copy without what came after `night`: judgings, runs, incidents and their changes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        con.backup(copy)
        copy.row_factory = sqlite3.Row
        for (name,) in copy.execute(TRIGGERS).fetchall():
            copy.execute(f'drop trigger "{name}"')
        for statement in LATER:
            copy.execute(statement, (night.isoformat(),))
        yield copy
