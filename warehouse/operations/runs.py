"""What is written to operations.db of runs and the results of their checks."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from warehouse.errors import DataRejected
from warehouse.operations.database import Row, insert, writing


def start_run(
    con: sqlite3.Connection, *, flow: str, as_of: date, now: datetime, input_hash: str | None = None
) -> int:
    """Note that a run began; returns its run_id. One that still seems to run was killed."""
    con.execute(
        "update run set state = 'failed', ended_at = ?, error = 'interrupted'"
        " where state = 'running'",
        (now.isoformat(),),
    )
    row = {"flow": flow, "as_of": as_of.isoformat(), "state": "running"}
    return insert(
        con, "run", {**row, "started_at": now.isoformat(), "input_hash": input_hash, "error": None}
    )


def note_input(con: sqlite3.Connection, run_id: int, input_hash: str) -> None:
    """Note what a run is made from: by it, its checks belong to verdicts."""
    con.execute("update run set input_hash = ? where run_id = ?", (input_hash, run_id))


def end_run(
    con: sqlite3.Connection, run_id: int, *, state: str, now: datetime, error: str | None = None
) -> None:
    """Note how a run ended: `done`, `rejected` or `failed` with its error."""
    con.execute(
        "update run set state = ?, ended_at = ?, error = ? where run_id = ?",
        (state, now.isoformat(), error, run_id),
    )


def add_check_results(con: sqlite3.Connection, run_id: int, results: Iterable[Row]) -> None:
    """Write results (suite, rule, severity, is_success, observed) of the run's checks."""
    with writing(con):
        for result in results:
            insert(con, "check_result", {"run_id": run_id, **result})


@contextmanager
def run(con: sqlite3.Connection, *, flow: str, as_of: date, now: datetime) -> Iterator[int]:
    """Note that a run began and how it ended; its run_id."""
    run_id = start_run(con, flow=flow, as_of=as_of, now=now)
    try:
        yield run_id
    except BaseException as error:
        state = "rejected" if isinstance(error, DataRejected) else "failed"
        end_run(con, run_id, state=state, now=now, error=str(error))
        raise
    end_run(con, run_id, state="done", now=now)
