"""Delivery of the outbox: to Slack if there is a token, else to the console.

What cannot be delivered is kept and said loudly, once everything else was tried.
"""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.block_kit import lines_of
from flows.courier import Courier, send_all
from flows.slack_client import client_for
from flows.slack_settings import TOKEN_VARIABLE, SlackSettings, token_from_environment
from warehouse.errors import Undelivered
from warehouse.operations import read, store

__all__ = ["DeliveryReport", "MessagesLeft", "SlackSettings", "deliver"]

CURES = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        f"put a valid bot token into {TOKEN_VARIABLE}",
    ),
    **dict.fromkeys(
        ("channel_not_found", "not_in_channel", "is_archived"),
        "invite the app into the channel, or correct [slack] channel",
    ),
    "missing_scope": "give the app chat:write and channels:history (groups:history if private)",
    "no_channel": "set [slack] channel",
}

WITHOUT_ERROR = {
    "pending": "waits for an earlier message",
    "unconfirmed": "it is not known whether it arrived",
    "failed": "refused",
}

Row = dict[str, object]


@dataclass(frozen=True)
class DeliveryReport:
    """How many messages were sent or printed now, and how many are left in which state."""

    sent: int
    printed: int
    failed: int
    unconfirmed: int
    pending: int


class MessagesLeft(Undelivered):
    """Messages that did not arrive or may not have; `report` counts all of this delivery."""

    def __init__(self, report: DeliveryReport, *faults: str) -> None:
        super().__init__(*faults)
        self.report = report


def deliver(
    con: sqlite3.Connection,
    settings: SlackSettings,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], None] = time.sleep,
    say: Callable[[str], None] = print,
) -> DeliveryReport:
    """Send every message not known to have arrived; without a token, `say` it instead.

    Messages that failed before are tried again: what was wrong may have been mended.
    Raises MessagesLeft (an Undelivered), after everything was tried, if any is left.
    """
    rows = read.undelivered(con)
    if not rows:
        return _report(con, ())
    token = token_from_environment()
    if token is None:
        _print(con, rows, now, say)
    elif not settings.channel:
        for row in rows:
            if row["state"] != "unconfirmed":
                _note(con, row, "failed", now, error="no_channel")
    else:
        client = client_for(token, settings)
        send_all(Courier(con, client, settings, now, sleep, started_at=now()))
    report = _report(con, [row["message_key"] for row in rows])
    left = read.undelivered(con)
    if left:
        raise MessagesLeft(report, *_faults(left))
    return report


def _print(
    con: sqlite3.Connection,
    rows: Iterable[Row],
    now: Callable[[], datetime],
    say: Callable[[str], None],
) -> None:
    for row in rows:
        if row["state"] == "unconfirmed":
            continue  # it may be in Slack: only a token can tell
        if row["kind"] != "edit":  # the reply beside it says the same
            say(lines_of(json.loads(str(row["payload"]))) + "\n")
        _note(con, row, "printed", now)


def _note(
    con: sqlite3.Connection,
    row: Row,
    state: str,
    now: Callable[[], datetime],
    error: str | None = None,
) -> None:
    store.end_attempt(con, int(str(row["outbox_id"])), state=state, now=now(), error=error)


def _report(con: sqlite3.Connection, keys: Iterable[object]) -> DeliveryReport:
    wanted = set(keys)
    states = Counter(row["state"] for row in read.outbox(con) if row["message_key"] in wanted)
    return DeliveryReport(**{state: states[state] for state in DeliveryReport.__dataclass_fields__})


def _faults(left: Sequence[Row]) -> list[str]:
    errors = Counter(str(row["error"] or WITHOUT_ERROR[str(row["state"])]) for row in left)
    return [
        f"{count} message{'s' if count > 1 else ''} not delivered to Slack, kept in the outbox"
        f" ({error}): {CURES.get(error.split(': ')[-1], 'run again')}."
        for error, count in errors.items()
    ]
