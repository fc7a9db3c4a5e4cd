"""What a night has to say: its changes, and their messages, held back in quiet hours."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from checks.incident_life import REOPEN_DAYS
from checks.incidents import Acknowledgement, Change, Incident, decide
from checks.policy import Policy
from checks.telling import Telling
from checks.triggers import TriggerState
from checks.verdicts import Verdict
from flows.digest import digest_for, digest_key, digest_sunday
from flows.history_summary import backfill_summary
from flows.messages import Row, night_messages, standing_row, summary_row
from flows.records import from_row
from flows.slack import Site
from warehouse.operations import read


def decide_night(
    con: sqlite3.Connection,
    verdicts: Sequence[Verdict],
    triggers: Sequence[TriggerState],
    policy: Policy,
    as_of: date,
    faults: tuple[str, ...] = (),
    silent_days: Mapping[date, str] | None = None,
) -> list[Change]:
    """`decide`, on the incidents and acknowledgements that are kept."""
    known, seen = _incidents(con, as_of), _seen(con)
    return decide(verdicts, triggers, known, policy, as_of, faults, seen, silent_days)


def night_news(
    con: sqlite3.Connection,
    nights: Sequence[date],
    changes: Sequence[Change],
    verdicts: Sequence[Verdict],
    triggers: Sequence[TriggerState],
    site: Site,
    faults: Sequence[str] = (),
) -> list[Row]:
    """The messages of a night: what was found in nights before, what changed, the week's digest.

    `nights`: those judged now, the last one is tonight.
    """
    as_of = nights[-1]
    rows = night_messages(changes, verdicts, read.threads(con), site)
    if len(nights) > 1:
        rows.insert(0, summary_row(backfill_summary(verdicts, triggers, site), as_of))
    is_first = not read.judged_nights(con)  # a first load's weeks are told by its summary
    sunday = digest_sunday(nights[-1:] if is_first else nights)
    if sunday and not read.message(con, digest_key(sunday)):
        incidents = {i.incident_id: i for i in _incidents(con, as_of)}
        incidents |= {change.incident.incident_id: change.incident for change in changes}
        digest = digest_for(
            sunday,
            [verdict for verdict in verdicts if verdict.as_of == as_of],
            [trigger for trigger in triggers if trigger.as_of == as_of],
            list(incidents.values()),
            _seen(con),
            site,
            faults,
        )
        rows.append(standing_row(digest_key(sunday), digest))
    return rows


def held_back(rows: Iterable[Row], telling: Telling, zone: str, now: datetime) -> list[Row]:
    """The same messages, not to be sent before the quiet hours are over that they are written in.

    Written in, not sent in: what could not be sent by day is late enough already.
    """
    over_at = telling.quiet.over_at(now.astimezone(ZoneInfo(zone))) if telling.quiet else None
    until = over_at.astimezone(UTC).isoformat() if over_at else None
    return [{**row, "not_before": until} for row in rows]


def _incidents(con: sqlite3.Connection, as_of: date) -> list[Incident]:
    lasting = read.lasting_incidents(con, as_of - timedelta(days=REOPEN_DAYS))
    return [from_row(Incident, row) for row in lasting]


def _seen(con: sqlite3.Connection) -> dict[str, Acknowledgement]:
    rows = read.standing_acknowledgements(con)
    return {incident_id: from_row(Acknowledgement, row) for incident_id, row in rows.items()}
