"""What is written to operations.db: judged and rejected nights, the state of messages.

A change is a mapping with `incident` (a row of table incident), `reason`, `headline` and
`change_number`; a change of reason `none` only brings the incident up to date.
A message is a mapping with `message_key`, `kind`, `incident_id`, `parent_key` and `payload`.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

from warehouse.operations.database import Row, insert, writing

# What a judging holds: table -> its rows in a night.
JUDGED = {"verdict": "verdicts", "trigger_state": "triggers", "attribution": "attributions"}


def record_night(
    con: sqlite3.Connection,
    *,
    as_of: date,
    input_hash: str,
    policy_version: str,
    verdicts: Iterable[Row],
    triggers: Iterable[Row],
    changes: Iterable[Row],
    messages: Iterable[Row],
    now: datetime,
    attributions: Iterable[Row] = (),
    backfilled: Iterable[Row] = (),
) -> bool:
    """Write a judged night and what has to be said of it in one transaction.

    `backfilled` are the nights judged with it because nobody had: mappings with `as_of`,
    `verdicts`, `triggers` and `attributions`. Each gets a judging of its own, unless it has one
    over this input already.

    Returns False, with nothing written, if this night is already judged over this input under
    this policy: whoever runs a night twice says nothing twice.
    """
    version = {"input_hash": input_hash, "policy_version": policy_version}
    tonight: Row = {
        "as_of": as_of,
        "verdicts": verdicts,
        "triggers": triggers,
        "attributions": attributions,
    }
    with writing(con):
        if _is_judged(con, {"as_of": as_of.isoformat(), **version}):
            return False
        for night in (*backfilled, tonight):
            _write_judging(con, night, version, now)
        _write_changes(con, as_of, changes, messages, now)
    return True


def record_rejection(
    con: sqlite3.Connection,
    *,
    as_of: date,
    changes: Iterable[Row],
    messages: Iterable[Row],
    now: datetime,
) -> None:
    """Write what a rejected night does to the incidents, and its message, in one transaction.

    A rejected night has no verdicts; tried again, it brings no change and so writes nothing new.
    """
    with writing(con):
        _write_changes(con, as_of, changes, messages, now)


def begin_attempt(con: sqlite3.Connection, outbox_id: int, *, channel: str, now: datetime) -> None:
    """Note, before anything is sent, that from here on the message may have arrived."""
    con.execute(
        "update outbox set state = 'unconfirmed', attempts = attempts + 1, error = null,"
        " channel = ?, updated_at = ? where outbox_id = ?",
        (channel, now.isoformat(), outbox_id),
    )


def end_attempt(
    con: sqlite3.Connection,
    outbox_id: int,
    *,
    state: str,
    now: datetime,
    error: str | None = None,
    ts: str | None = None,
    thread_ts: str | None = None,
) -> None:
    """Note the outcome: `sent` with its ts, `printed`, `pending`, `failed`, `unconfirmed`."""
    con.execute(
        "update outbox set state = ?, error = ?, ts = ?, thread_ts = ?, updated_at = ?"
        " where outbox_id = ?",
        (state, error, ts, thread_ts, now.isoformat(), outbox_id),
    )


def acknowledge(
    con: sqlite3.Connection,
    *,
    event_key: str,
    incident_id: str,
    snoozed_until: date | None,
    acknowledged_by: str,
    way: str,
    messages: Iterable[Row],
    now: datetime,
) -> bool:
    """Write that somebody has seen an incident as it is now, and the edits that tell so.

    Returns False, with nothing written, for an event that was written before.
    """
    with writing(con):
        known = con.execute("select 1 from acknowledgement where event_key = ?", (event_key,))
        if known.fetchone():
            return False
        (changes,) = con.execute(
            "select coalesce(max(change_number), 0) from incident_change where incident_id = ?",
            (incident_id,),
        ).fetchone()
        row = {
            "event_key": event_key,
            "incident_id": incident_id,
            "change_number": changes,
            "snoozed_until": snoozed_until.isoformat() if snoozed_until else None,
            "acknowledged_by": acknowledged_by,
            "way": way,
            "acknowledged_at": now.isoformat(),
        }
        insert(con, "acknowledgement", row)
        add_messages(con, messages, now)
    return True


def add_messages(con: sqlite3.Connection, messages: Iterable[Row], now: datetime) -> None:
    """Put messages into the outbox."""
    with writing(con):
        for message in messages:
            written = {"state": "pending", "attempts": 0, "created_at": now.isoformat()}
            insert(con, "outbox", {**message, **written, "updated_at": now.isoformat()})


def note_file(con: sqlite3.Connection, outbox_id: int, file_id: str) -> None:
    """Note that a message's picture was uploaded, and what it is called there."""
    con.execute("update outbox set file_id = ? where outbox_id = ?", (file_id, outbox_id))


def settle(con: sqlite3.Connection, outbox_id: int, *, has_arrived: bool, now: datetime) -> bool:
    """Note what somebody saw became of an unconfirmed message; False if it is none."""
    changed = con.execute(
        "update outbox set state = ?, error = null, updated_at = ?"
        " where outbox_id = ? and state = 'unconfirmed'",
        ("sent" if has_arrived else "pending", now.isoformat(), outbox_id),
    )
    return changed.rowcount == 1


def _write_judging(
    con: sqlite3.Connection, night: Row, version: Mapping[str, str], now: datetime
) -> None:
    key = {"as_of": str(night["as_of"]), **version}
    if _is_judged(con, key):
        return
    judging_id = insert(con, "judging", {**key, "judged_at": now.isoformat()})
    for table, rows in JUDGED.items():
        for row in cast(Iterable[Row], night.get(rows, ())):
            insert(con, table, {"judging_id": judging_id, **row})


def _is_judged(con: sqlite3.Connection, key: Mapping[str, str]) -> bool:
    found = con.execute(
        "select 1 from judging where as_of = :as_of and input_hash = :input_hash"
        " and policy_version = :policy_version",
        key,
    )
    return found.fetchone() is not None


def _write_changes(
    con: sqlite3.Connection,
    as_of: date,
    changes: Iterable[Row],
    messages: Iterable[Row],
    now: datetime,
) -> None:
    for change in changes:
        incident = change["incident"]
        if not isinstance(incident, Mapping):
            raise TypeError("a change carries the row of its incident")
        _replace_incident(con, incident)
        if change["reason"] != "none":
            insert(con, "incident_change", _change_row(change, incident, as_of, now))
    add_messages(con, messages, now)


def _change_row(change: Row, incident: Row, as_of: date, now: datetime) -> Row:
    return {
        "incident_id": incident["incident_id"],
        "change_number": change["change_number"],
        "as_of": as_of.isoformat(),
        "reason": change["reason"],
        "severity": incident["severity"],
        "is_muted": incident["is_muted"],
        "headline": change["headline"],
        "changed_at": now.isoformat(),
    }


def _replace_incident(con: sqlite3.Connection, incident: Row) -> None:
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in incident)
    insert(con, "incident", incident, f"on conflict (incident_id) do update set {updates}")
