"""What somebody answers to an alert: seen, or not until then. By a button or by a command.

It is written beside a night that may be at work: the night reads it, and nothing of the night is
changed by it.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from checks.incidents import Acknowledgement, Incident, IncidentState
from checks.telling import ROUTES
from flows.edits import answered
from flows.messages import Row, edit_row
from flows.records import from_row
from flows.wording import Words
from warehouse.operations import read, store
from warehouse.operations.database import writing


class Outcome(StrEnum):
    """What became of an answer; all but `noted` changed nothing."""

    NOTED = "noted"
    KNOWN = "known"  # the same click, delivered again
    UNKNOWN = "unknown"
    OVER = "over"
    TOO_EARLY = "too_early"


@dataclass(frozen=True)
class Answer:
    """Who says what of which incident; `event_key` makes it one, however often it is delivered.

    `until`: silence until that day (None: no more reminders). `way`: slack or command.
    """

    incident_id: str
    who: str
    way: str
    event_key: str
    until: date | None = None


def note_answer(con: sqlite3.Connection, answer: Answer, words: Words, now: datetime) -> Outcome:
    """Write an answer with who and when, and the edits of the incident's first messages.

    `now` has the zone of the site.
    """
    with writing(con):
        row = read.incident(con, answer.incident_id)
        if row is None:
            return Outcome.UNKNOWN
        incident = from_row(Incident, row)
        if incident.state != IncidentState.OPEN:
            return Outcome.OVER
        if answer.until and answer.until <= now.date():
            return Outcome.TOO_EARLY
        is_new = store.acknowledge(
            con,
            event_key=answer.event_key,
            incident_id=answer.incident_id,
            snoozed_until=answer.until,
            acknowledged_by=answer.who,
            way=answer.way,
            messages=_edits(con, answer, words, now),
            now=now,
        )
    return Outcome.NOTED if is_new else Outcome.KNOWN


def _edits(con: sqlite3.Connection, answer: Answer, words: Words, now: datetime) -> list[Row]:
    thread = read.threads(con)[answer.incident_id]
    who = f"<@{answer.who}>" if answer.way == "slack" else answer.who
    seen = Acknowledgement(answer.incident_id, answer.until)
    return [
        edit_row(
            f"{answer.incident_id}:{answer.event_key}:{route}",
            thread,
            answered(str(thread[f"{route}_payload"]), seen, who, now.date(), words),
            route,
        )
        for route in ROUTES
        if thread[f"{route}_key"]
    ]
