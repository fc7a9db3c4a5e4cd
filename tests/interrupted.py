"""A site whose nights may be killed, and what has to be the same whether they were or not.

A night runs in a process of its own, forked from one that has imported everything: the real flow,
with Prefect's tasks as plain functions, so that nearly all of its life is ours to interrupt.
"""

import ctypes
import multiprocessing
import os
import resource
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import duckdb

from warehouse import disk
from warehouse.errors import ConfigurationError, QosError
from warehouse.mart_models import mart_sql
from warehouse.operations.database import operations

SETTINGS = (
    '[site]\nname = "Malakoff"\ntime_zone = "Europe/Paris"\n[paths]\npolicy = "policy.toml"\n'
)
POLICY = """
[[norms]]
metric = "service_level"
direction = "at_least"
target = 0.80
window = "rolling_28"
kind = "quality"
min_denominator = 10
why = "what the parent company's own service keeps to"

[triggers.quality]
apart_nights = 28
why = "two windows that share no day"
"""
AGENTS = [f"agent {n}" for n in range(6)]
NOT_COMPARED = {  # when it was done, or how often it was tried
    "run": "*", "check_result": "*",
    "judging": "judged_at", "incident_change": "changed_at",
    "outbox": "created_at, updated_at, attempts",
}  # fmt: skip

processes = multiprocessing.get_context("forkserver")


def preload() -> None:
    """Let the process from which nights are forked import all that a night needs."""
    processes.set_forkserver_preload(["interrupted", "flows.nightly", "great_expectations"])


@dataclass
class InterruptedSite:
    """A site with its `qos.toml` in `home`."""

    home: Path

    def __post_init__(self) -> None:
        self.put("qos.toml", SETTINGS)
        self.put("policy.toml", POLICY)
        (self.home / "landing").mkdir(exist_ok=True)
        self.put("var/key", 64 * "7")  # the same at every site, and so are pseudonyms
        (self.home / "var/key").chmod(0o600)

    def put(self, name: str, text: str) -> None:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @property
    def warehouse(self) -> Path:
        return self.home / "var/warehouse.duckdb"

    def deliver(self, day: date) -> None:
        """The calls of one day, one of them unreadable, one amended from the day before; Sundays'
        roster."""
        self.put(f"landing/calls/{day}.csv", _calls(day))
        if day.isoweekday() == 7:
            rows = "".join(f"{agent},in-house,1999-09-01\n" for agent in AGENTS)
            self.put(f"landing/roster/roster_{day}.csv", "agent_id,provider,hired_on\n" + rows)

    def start(self, as_of: date, **how: Any) -> BaseProcess:
        """Begin a night; see `_night` for `how`."""
        process = processes.Process(
            target=_night, args=(str(self.home), as_of.isoformat()), kwargs=how
        )
        process.start()
        return process

    def night(self, as_of: date, *, killed_after: float | None = None, **how: Any) -> int:
        """Run a night, or its first seconds; the exit code of its process, or minus its signal."""
        process = self.start(as_of, **how)
        process.join(killed_after)
        if process.is_alive():
            process.kill()
            process.join()
        return process.exitcode or 0

    def account(self) -> dict[str, list[tuple[object, ...]]]:
        """All tables, rows of files and messages: what accidents must not change."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            names = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() order by all"
            ).fetchall()
            found = {
                name: connection.execute(f"select * from {name} order by all").fetchall()
                for (name,) in names
            }
        found["ledger.files"] = [_without_times(row) for row in found["ledger.files"]]
        with operations(self.home / "var/operations.db") as con:
            for (table,) in con.execute("select name from sqlite_master where type = 'table'"):
                left_out = NOT_COMPARED.get(table, "").split(", ")
                if left_out != ["*"]:
                    rows = con.execute(f'select * from "{table}"').fetchall()
                    kept = [c for c in (rows[0].keys() if rows else ()) if c not in left_out]
                    found[table] = sorted((tuple(row[c] for c in kept) for row in rows), key=repr)
        return found

    def unaccounted(self) -> list[str]:
        """Landed files of which not every line below the header is loaded, quarantined or a repeat,
        once."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            found = connection.execute(mart_sql("files")).pl()
        parts = found["rows_loaded"] + found["rows_quarantined"] + found["rows_repeated"]
        rows = dict(zip(found["feed"] + "/" + found["name"], parts, strict=True))
        landed = sorted((self.home / "landing").glob("*/*.csv"))
        lines = {f"{p.parent.name}/{p.name}": p.read_text().count("\n") - 1 for p in landed}
        wrong = [name for name in lines if rows.get(name) != lines[name]]
        return wrong + [name for name in found["name"] if list(found["name"]).count(name) > 1]


def _give_up_capabilities() -> None:
    """What lets root write where nobody may."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the call, this thread
    none = (ctypes.c_uint32 * 6)()
    if os.geteuid() == 0 and ctypes.CDLL(None).capset(header, none):
        raise RuntimeError("capset failed")


def _make_room() -> None:
    """On the disk, for what is said of it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _calls(day: date) -> str:
    lines = ["call_id,queued_at,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"]
    for n in range(30):
        who, agent = f"customer {(day.toordinal() * 7 + n) % 40}", AGENTS[n % 6]
        wait = 5 if n % 3 else 90
        at = f"{day}T{8 + n // 4:02}:{n % 4 * 10:02}:00+01:00"
        lines.append(f"{day}-{n},{at},modem,{who},{agent},{wait},{300 + n},handled")
    before = day - timedelta(days=1)
    lines.append(f"{before}-3,{before}T08:30:00+01:00,modem,customer 1,agent 3,5,999,handled")
    lines.append(f"{day}-x,no time,modem,customer 1,agent 3,5,999,handled")
    return "\n".join(lines) + "\n"


def _without_times(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value for value in row if not (isinstance(value, str) and "T" in value[10:11]))


def _night(
    home: str,
    as_of: str,
    *,
    is_full: bool = False,
    most_bytes: int | None = None,
    is_nobody_special: bool = False,
) -> None:
    """In the forked process: run the night, and exit as the command would.

    Args:
        is_full: make everything anew from the archive.
        most_bytes: how large a file may become: a disk that is full from there on.
        is_nobody_special: permissions hold, also for root.
    """
    from prefect import Task

    from flows import nightly, tasks
    from flows.settings import load_settings

    for name, value in vars(tasks).items():
        if isinstance(value, Task):
            setattr(tasks, name, value.fn)
    os.environ.pop("SLACK_BOT_TOKEN", None)
    sys.stdout = sys.stderr = (Path(home) / "said.txt").open("a")
    settings = load_settings(Path(home) / "qos.toml")
    if is_nobody_special:
        _give_up_capabilities()
    if most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    try:
        nightly.run_night(settings, date.fromisoformat(as_of), datetime.now(UTC), is_full=is_full)
    except QosError as error:
        _make_room()
        print("\n".join(error.faults), flush=True)
        sys.exit(error.exit_code)
    except Exception as error:
        _make_room()
        said = disk.sentence(error)
        if said is None:
            raise
        print(said, flush=True)
        sys.exit(ConfigurationError.exit_code)
