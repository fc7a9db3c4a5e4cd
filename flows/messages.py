"""Which messages the changes of a night make: rows of the outbox, each with its key.

One message per incident, later words in its thread, the first one edited to show how it stands.
Incidents that open together are one summary with a message each in its thread. What goes to the
director too is a message of its own there, with a thread of its own. A change without a reason says
nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from checks.incidents import Change, Reason
from checks.telling import DIRECTOR, MANAGER
from checks.verdicts import Verdict
from flows.block_kit import Message
from flows.edits import edited
from flows.phrases import headline_of
from flows.records import to_row
from flows.slack import Site, message_for, summary_for

Row = dict[str, object]
Threads = Mapping[str, Mapping[str, object]]


def change_rows(changes: Sequence[Change], threads: Threads, site: Site) -> list[Row]:
    """The changes as `store.record_night` takes them, numbered on from `read.threads`."""
    return [
        {
            "incident": to_row(change.incident),
            "reason": change.reason.value,
            "headline": headline_of(change, site.words),
            "change_number": _number(change, threads),
        }
        for change in changes
    ]


def night_messages(
    changes: Sequence[Change], verdicts: Sequence[Verdict], threads: Threads, site: Site
) -> list[Row]:
    """The messages of a night's changes, in the order in which they are to be sent.

    `verdicts`: the night's, others may be among them (figures for the norms of a trigger);
    `threads`: from `read.threads`.
    """
    said = [change for change in changes if change.reason is not Reason.NONE]
    new = [change for change in said if not _head(change, threads, MANAGER)]
    rows: list[Row] = []
    summary_key = None
    if len(new) > 1:
        rows.append(summary_row(summary_for(new, verdicts, site), new[0].as_of))
        summary_key = str(rows[0]["message_key"])
    for change in new:
        kind = "reply" if summary_key else "parent"
        first = message_for(change, verdicts, site)
        rows.append(_row(change, threads, kind, first, summary_key))
    for change in said:
        if _head(change, threads, MANAGER):
            rows += _follow_up(change, verdicts, threads, site, MANAGER)
        rows += _to_director(change, verdicts, threads, site)
    return rows


def summary_row(message: Message, as_of: date) -> Row:
    """A message of no single incident; the same text of the same night has the same key."""
    digest = hashlib.sha256(message.payload().encode()).hexdigest()[:16]
    return standing_row(f"summary:{as_of.isoformat()}:{digest}", message)


def standing_row(key: str, message: Message) -> Row:
    """A message of no single incident, with its key."""
    return {
        "message_key": key,
        "kind": "summary",
        "incident_id": None,
        "parent_key": None,
        "payload": message.payload(),
    }


def edit_row(key: str, thread: Mapping[str, object], message: Message, route: str) -> Row:
    """An edit of an incident's first message in a channel."""
    return {
        "message_key": key,
        "kind": "edit",
        "incident_id": thread["incident_id"],
        "parent_key": thread[f"{route}_key"],
        "route": route,
        "payload": message.payload(),
    }


def _follow_up(
    change: Change, verdicts: Sequence[Verdict], threads: Threads, site: Site, route: str
) -> list[Row]:
    thread = threads[change.incident.incident_id]
    word = message_for(change, verdicts, site, route)
    edit = edited(str(thread[f"{route}_payload"]), change, verdicts, site)
    root = str(thread["root_key" if route == MANAGER else "director_key"])
    key = _key(change, threads, route)
    return [
        _row(change, threads, "reply", word, root, route),
        edit_row(f"{key}:edit", thread, edit, route),
    ]


def _to_director(
    change: Change, verdicts: Sequence[Verdict], threads: Threads, site: Site
) -> list[Row]:
    """What was escalated, and all that becomes of it but reminders."""
    if _head(change, threads, DIRECTOR):
        if change.reason is Reason.REMINDER:
            return []
        return _follow_up(change, verdicts, threads, site, DIRECTOR)
    if change.reason is not Reason.ESCALATED:
        return []
    first = message_for(change, verdicts, site, DIRECTOR)
    return [_row(change, threads, "parent", first, None, DIRECTOR)]


def _row(
    change: Change,
    threads: Threads,
    kind: str,
    message: Message,
    parent_key: str | None,
    route: str = MANAGER,
) -> Row:
    return {
        "message_key": _key(change, threads, route),
        "kind": kind,
        "incident_id": change.incident.incident_id,
        "parent_key": parent_key,
        "route": route,
        "payload": message.payload(),
        "picture": message.picture,
    }


def _key(change: Change, threads: Threads, route: str) -> str:
    key = f"{change.incident.incident_id}:{_number(change, threads)}"
    return key if route == MANAGER else f"{key}:{route}"


def _number(change: Change, threads: Threads) -> int:
    thread = threads.get(change.incident.incident_id)
    return int(str(thread["change_count"])) + 1 if thread else 1


def _head(change: Change, threads: Threads, route: str) -> object:
    thread = threads.get(change.incident.incident_id)
    return thread[f"{route}_key"] if thread else None
