"""Which messages the changes of a night make: rows of the outbox, each with its key.

One message per incident, later words in its thread, the first one edited to show how it stands.
Incidents that open together are one summary with a message each in its thread. A change without
a reason says nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from checks.incidents import Change, Reason
from checks.verdicts import Verdict
from flows.block_kit import Message
from flows.records import to_row
from flows.slack import Site, edited, headline_of, message_for, summary_for

Row = dict[str, object]
Threads = Mapping[str, Mapping[str, object]]


def change_rows(changes: Sequence[Change], threads: Threads) -> list[Row]:
    """The changes as `store.record_night` takes them, numbered on from `read.threads`."""
    return [
        {
            "incident": to_row(change.incident),
            "reason": change.reason.value,
            "headline": headline_of(change),
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
    new = [change for change in said if not _head(change, threads)]
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
        if _head(change, threads):
            rows += _follow_up(change, verdicts, threads, site)
    return rows


def summary_row(message: Message, as_of: date) -> Row:
    """A message of no single incident; the same text of the same night has the same key."""
    payload = message.payload()
    digest = hashlib.sha256(payload.encode()).hexdigest()[:16]
    return {
        "message_key": f"summary:{as_of.isoformat()}:{digest}",
        "kind": "summary",
        "incident_id": None,
        "parent_key": None,
        "payload": payload,
    }


def _follow_up(
    change: Change, verdicts: Sequence[Verdict], threads: Threads, site: Site
) -> list[Row]:
    thread = threads[change.incident.incident_id]
    word = message_for(change, verdicts, site)
    edit = edited(str(thread["head_payload"]), change, verdicts, site)
    return [
        _row(change, threads, "reply", word, str(thread["root_key"])),
        _row(change, threads, "edit", edit, str(thread["head_key"])),
    ]


def _row(
    change: Change, threads: Threads, kind: str, message: Message, parent_key: str | None
) -> Row:
    key = f"{change.incident.incident_id}:{_number(change, threads)}"
    return {
        "message_key": f"{key}:edit" if kind == "edit" else key,
        "kind": kind,
        "incident_id": change.incident.incident_id,
        "parent_key": parent_key,
        "payload": message.payload(),
    }


def _number(change: Change, threads: Threads) -> int:
    thread = threads.get(change.incident.incident_id)
    return int(str(thread["change_count"])) + 1 if thread else 1


def _head(change: Change, threads: Threads) -> object:
    thread = threads.get(change.incident.incident_id)
    return thread["head_key"] if thread else None
