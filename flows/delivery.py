"""Delivery of the outbox: to Slack if there is a token or a webhook, else to the console.

What cannot be delivered is kept and said loudly, once everything else was tried. What quiet hours
hold back is no fault.
"""

import fcntl
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flows.block_kit import lines_of
from flows.courier import Courier, held, send_all
from flows.slack_client import client_for
from flows.slack_settings import (
    TOKEN_VARIABLE,
    WEBHOOK_VARIABLES,
    SlackSettings,
    token_from_environment,
    webhooks_from_environment,
)
from flows.webhook import WEBHOOK, send_by_webhook
from warehouse.errors import Undelivered
from warehouse.files import PRIVATE
from warehouse.folders import Folders
from warehouse.operations import read, store

__all__ = ["DeliveryReport", "MessagesLeft", "SlackSettings", "deliver", "delivering"]

CURES = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        f"put a valid bot token into {TOKEN_VARIABLE}",
    ),
    **dict.fromkeys(
        ("channel_not_found", "not_in_channel", "is_archived"),
        "invite the app into the channel, or correct [slack] channel or the policy's [routes]",
    ),
    "missing_scope": "give the app chat:write and channels:history (groups:history if private)",
    "no_channel": "set [slack] channel, or [routes] in the policy",
    "no_webhook": f"set {' and '.join(WEBHOOK_VARIABLES.values())}",
}

WITHOUT_ERROR = {
    "pending": "waits for an earlier message",
    "unconfirmed": "it is not known whether it arrived",
    "failed": "refused",
}

Row = dict[str, object]


@dataclass(frozen=True)
class DeliveryReport:
    """How many messages were sent or printed now, and how many are left in which state.

    `held`: of the pending ones, those that wait for the end of quiet hours.
    """

    sent: int
    printed: int
    failed: int
    unconfirmed: int
    pending: int
    held: int = 0


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
    Raises MessagesLeft (an Undelivered), after everything was tried, if any is left that does not
    wait for the end of quiet hours.
    """
    rows = read.undelivered(con)
    if not rows:
        return DeliveryReport(0, 0, 0, 0, 0)
    token, webhooks = token_from_environment(), webhooks_from_environment()
    early = {row["message_key"] for row in held(rows, now())}
    due = [row for row in rows if row["message_key"] not in early]
    if token:
        client = client_for(token, settings)
        send_all(Courier(con, client, settings, now, sleep, started_at=now()))
    elif webhooks:
        send_by_webhook(con, due, webhooks, settings, now)
    else:
        _print(con, rows, now, say)
    left = read.undelivered(con)
    waiting = held(left, now()) if token or webhooks else []
    report = _report(con, rows, len(waiting))
    if waiting:
        until = max(str(row["not_before"] or "") for row in waiting)
        say(f"{_counted(len(waiting))} held back until {until} (quiet hours)")
    lost = [row for row in left if row not in waiting]
    if lost:
        raise MessagesLeft(report, *_faults(lost))
    return report


@contextmanager
def delivering(folders: Folders) -> Iterator[None]:
    """Be the only one who delivers at this site; waits for whoever does."""
    descriptor = os.open(folders.delivery_lock, os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


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


def _report(con: sqlite3.Connection, rows: Iterable[Row], held_back: int) -> DeliveryReport:
    wanted = {row["message_key"] for row in rows}
    states = Counter(row["state"] for row in read.outbox(con) if row["message_key"] in wanted)
    return DeliveryReport(
        sent=states["sent"],
        printed=states["printed"],
        failed=states["failed"],
        unconfirmed=states["unconfirmed"],
        pending=states["pending"],
        held=held_back,
    )


def _faults(left: Sequence[Row]) -> list[str]:
    unseen = [row for row in left if row["channel"] == WEBHOOK and row["state"] == "unconfirmed"]
    errors = Counter(
        str(row["error"] or WITHOUT_ERROR[str(row["state"])]) for row in left if row not in unseen
    )
    faults = [
        f"{_counted(count)} not delivered to Slack, kept in the outbox"
        f" ({error}): {CURES.get(error.split(': ')[-1], 'run again')}."
        for error, count in errors.items()
    ]
    if unseen:
        numbers = ", ".join(str(row["outbox_id"]) for row in unseen)
        faults.append(
            f"{_counted(len(unseen))} of unknown fate (outbox {numbers}), which a webhook cannot"
            " look up: look into the channel, then say qos deliver --arrived or --resend NUMBER."
        )
    return faults


def _counted(count: int) -> str:
    return f"{count} message{'s' if count > 1 else ''}"
