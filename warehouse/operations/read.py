"""What is read from operations.db, as plain dicts in a stated order.

`before`, `first` and `last` are dates of nights (`as_of`), both ends included but `before`.
"""

import sqlite3
from datetime import date, datetime

Found = dict[str, object]


class Rows(list[Found]):
    """What was found, with the names of its columns, also where nothing was."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        super().__init__(dict(row) for row in cursor)
        self.columns = [name for name, *_ in cursor.description]


def judged_nights(con: sqlite3.Connection, policy_version: str | None = None) -> list[str]:
    """Every night judged so far (under this policy), oldest first, as ISO dates."""
    return [
        str(row["as_of"])
        for row in _all(
            con,
            "select distinct as_of from judging where ? is null or policy_version = ?"
            " order by as_of",
            policy_version,
            policy_version,
        )
    ]


def verdicts_in_force(
    con: sqlite3.Connection, first: date = date.min, last: date = date.max
) -> Rows:
    """The verdicts of each night's newest judging, by night, norm and scope."""
    return _all(
        con,
        "select * from verdict_in_force where as_of between ? and ?"
        " order by as_of, norm, scope_kind, scope",
        first.isoformat(),
        last.isoformat(),
    )


def trigger_states_in_force(
    con: sqlite3.Connection, first: date = date.min, last: date = date.max
) -> list[Found]:
    """The trigger states of each night's newest judging, by night and trigger."""
    return _all(
        con,
        "select * from trigger_state_in_force where as_of between ? and ?"
        ' order by as_of, "trigger"',
        first.isoformat(),
        last.isoformat(),
    )


def last_verdicts(con: sqlite3.Connection, before: date) -> list[Found]:
    """Each norm's verdicts from its last judged night before `before` on, by night.

    Nights that could not be judged count on from the last one that could: both are needed.
    """
    return _all(
        con,
        "select v.* from verdict_in_force as v left join (select norm, scope_kind, scope,"
        " max(as_of) as judged_on from verdict_in_force where as_of < ?"
        " and state in ('met', 'at_risk', 'breached') group by norm, scope_kind, scope)"
        " using (norm, scope_kind, scope) where as_of < ? and as_of >= coalesce(judged_on, '')"
        " order by as_of, norm, scope_kind, scope",
        before.isoformat(),
        before.isoformat(),
    )


def last_trigger_states(con: sqlite3.Connection, before: date) -> list[Found]:
    """The last state of each trigger on a night before `before`."""
    return _all(
        con,
        'select t.* from trigger_state_in_force as t join (select "trigger",'
        " max(as_of) as as_of from trigger_state_in_force where as_of < ?"
        ' group by "trigger") using ("trigger", as_of) order by "trigger"',
        before.isoformat(),
    )


def incidents(con: sqlite3.Connection) -> Rows:
    """Every incident with the `reason` and `headline` of its last change, newest first.

    `acknowledged_by`, `snoozed_until`: who has seen it, if it got no worse since.
    """
    return _all(
        con,
        "select incident.*, reason, headline, acknowledged_by, snoozed_until"
        " from incident left join incident_change as c"
        " on c.incident_id = incident.incident_id and c.change_number ="
        " (select max(change_number) from incident_change"
        " where incident_id = incident.incident_id)"
        " left join standing_acknowledgement as s on s.incident_id = incident.incident_id"
        " order by opened_on desc, subject",
    )


def open_incidents(con: sqlite3.Connection) -> list[Found]:
    """The open incidents as rows of table incident, oldest first."""
    return _all(con, "select * from incident where state = 'open' order by opened_on, subject")


def incident(con: sqlite3.Connection, incident_id: str) -> Found | None:
    """One incident, or None."""
    found = _all(con, "select * from incident where incident_id = ?", incident_id)
    return found[0] if found else None


def lasting_incidents(con: sqlite3.Connection, since: date) -> list[Found]:
    """The incidents that are open, or were on the night `since` or after it; oldest first."""
    return _all(
        con,
        "select * from incident where state = 'open' or resolved_on >= ?"
        " order by opened_on, subject",
        since.isoformat(),
    )


def changes(con: sqlite3.Connection) -> list[Found]:
    """Every change of every incident, newest first."""
    return _all(
        con, "select * from incident_change order by as_of desc, incident_id, change_number"
    )


def standing_acknowledgements(con: sqlite3.Connection) -> dict[str, Found]:
    """What somebody said of incidents that got no worse since, by incident_id."""
    rows = _all(con, "select * from standing_acknowledgement order by incident_id")
    return {str(row["incident_id"]): row for row in rows}


def threads(con: sqlite3.Connection) -> dict[str, Found]:
    """What was said of each incident so far, by incident_id.

    `change_count`: changes so far. `manager_key`, `manager_payload`: its first message in the
    manager's channel, which edits change; `director_...`: the same there. `root_key`: the message
    that the manager's thread hangs on, the first one or a summary. None if unsaid.
    """
    rows = _all(
        con,
        "select i.incident_id, count(c.change_number) as change_count,"
        " manager.message_key as manager_key, manager.payload as manager_payload,"
        " coalesce(manager.parent_key, manager.message_key) as root_key,"
        " director.message_key as director_key, director.payload as director_payload"
        " from incident as i left join incident_change as c using (incident_id)"
        " left join outbox as manager on manager.outbox_id = (select min(outbox_id) from outbox"
        " where incident_id = i.incident_id and route = 'manager')"
        " left join outbox as director on director.outbox_id = (select min(outbox_id) from outbox"
        " where incident_id = i.incident_id and route = 'director')"
        " group by i.incident_id order by i.incident_id",
    )
    return {str(row["incident_id"]): row for row in rows}


def outbox(con: sqlite3.Connection) -> Rows:
    """Every message but its picture, in the order in which it was written."""
    return _all(
        con,
        "select outbox_id, message_key, kind, incident_id, parent_key, route, not_before, state,"
        " error, attempts, channel, ts, thread_ts, file_id, created_at, updated_at, payload"
        " from outbox order by outbox_id",
    )


def undelivered(con: sqlite3.Connection) -> list[Found]:
    """The messages not known to have arrived, in the order in which they were written."""
    return _all(
        con,
        "select * from outbox where state in ('pending', 'unconfirmed', 'failed')"
        " order by outbox_id",
    )


def came_due(con: sqlite3.Connection, after: datetime, now: datetime) -> bool:
    """Whether a message is held back whose hour came between these times (UTC)."""
    found = con.execute(
        "select 1 from outbox where state = 'pending' and not_before > ? and not_before <= ?",
        (after.isoformat(), now.isoformat()),
    )
    return found.fetchone() is not None


def message(con: sqlite3.Connection, message_key: object) -> Found | None:
    """One message of the outbox, or None."""
    found = _all(con, "select * from outbox where message_key = ?", message_key)
    return found[0] if found else None


def runs(con: sqlite3.Connection) -> list[Found]:
    """Every run, newest first."""
    return _all(con, "select * from run order by run_id desc")


def last_rejection(con: sqlite3.Connection) -> str | None:
    """Why a night was last rejected, a sentence a line, whatever came since; None if none was."""
    found = con.execute("select error from run where state = 'rejected' order by run_id desc")
    row = found.fetchone()
    return str(row["error"]) if row else None


def latest_check_results(con: sqlite3.Connection) -> list[Found]:
    """The results of the last run that checked anything."""
    rows = _all(con, "select max(run_id) as run_id from check_result")
    return check_results(con, int(str(rows[0]["run_id"] or 0)))


def shown_check_results(con: sqlite3.Connection, first: date | None, last: date | None) -> Rows:
    """The checks of these nights, rejected ones included; of the last one checked if none is named.

    Broken rules first; a night may have been checked more than once.
    """
    return _all(
        con,
        "select run.as_of, run.run_id, run.state as night, suite, rule, severity, is_success,"
        " observed from check_result inner join run using (run_id)"
        " where case when ? then run_id = (select max(run_id) from check_result)"
        " else run.as_of between ? and ? end"
        " order by run.as_of, run_id, is_success, severity, check_result_id",
        first is None and last is None,
        (first or date.min).isoformat(),
        (last or date.max).isoformat(),
    )


def check_results(con: sqlite3.Connection, run_id: int) -> list[Found]:
    """The results of one run's checks, in the order in which they were written."""
    return _all(con, "select * from check_result where run_id = ? order by check_result_id", run_id)


def _all(con: sqlite3.Connection, query: str, *values: object) -> Rows:
    return Rows(con.execute(query, values))
