"""How one message of the outbox gets to Slack: nothing lost, nothing twice.

1. Before it is sent, its row says `unconfirmed`: from here on it may have arrived.
2. A plain answer settles it: `sent` with its ts, `failed` for good, `pending` for now.
3. Without a plain answer (drop, timeout, 5xx, or the process died): wait out the settling time,
   look for the message's key in the channel or thread, and only if it is not there send again.
Edits are repeated without looking: the same edit twice is one.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk import WebClient

from flows.attachment import file_of, send_with_picture
from flows.slack_client import CallError, look_up, post, update
from flows.slack_settings import SlackSettings
from flows.webhook import WEBHOOK
from warehouse.operations import read, store

# How often a message is tried in one delivery before it is left for the next.
ROUNDS = 3
# Slack's clock and ours may differ by this much when a message is looked for by time.
CLOCK_TOLERANCE = timedelta(hours=1)

Row = dict[str, object]


@dataclass(frozen=True)
class Courier:
    """What one delivery works with. One process at a time: the lock of deliveries sees to that."""

    con: sqlite3.Connection
    client: WebClient
    settings: SlackSettings
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    started_at: datetime


def send_all(courier: Courier) -> None:
    """Try every message not known to have arrived, but those that are held back.

    The words of one incident arrive in their order: the first that does not get through holds up
    those after it, or an older edit would overwrite a newer one.
    """
    refused: set[object] = set()
    for _ in range(ROUNDS):
        waiting = read.undelivered(courier.con)
        held_up = {thread_of(row) for row in held(waiting, courier.now())}
        for row in waiting:
            if thread_of(row) in held_up or row["channel"] == WEBHOOK:
                continue
            state = "failed" if row["message_key"] in refused else _advance(courier, row)
            if state == "failed":
                refused.add(row["message_key"])
            if state not in ("sent", "printed"):
                held_up.add(thread_of(row))
        if not held_up:
            return


def held(rows: Iterable[Row], now: datetime) -> list[Row]:
    """The messages that wait for the end of quiet hours, and those that come after them."""
    found: list[Row] = []
    threads = set()
    for row in rows:
        not_before = row["not_before"]
        is_early = not_before is not None and datetime.fromisoformat(str(not_before)) > now
        if is_early or thread_of(row) in threads:
            threads.add(thread_of(row))
            found.append(row)
    return found


def thread_of(row: Row) -> tuple[object, object]:
    """What keeps its order: an incident in one channel, or a message that stands alone."""
    return row["incident_id"] or row["message_key"], row["route"]


def _advance(courier: Courier, row: Row) -> str:
    """Bring one message as far as it gets now; returns its state."""
    parent = read.message(courier.con, row["parent_key"]) if row["parent_key"] else None
    if parent and (parent["state"] == "printed" or parent["channel"] == WEBHOOK):
        if row["kind"] == "edit":
            return _end(courier, row, "printed")
        parent = None  # it was never in Slack, or nobody knows where: the reply stands alone
    if parent and parent["state"] != "sent":
        return str(row["state"])
    if row["state"] == "unconfirmed":
        try:
            ts = _settle(courier, row, parent)
        except CallError as failure:
            return _end(courier, row, "unconfirmed", error=f"looking it up: {failure.error}")
        if ts:
            return _end(courier, row, "sent", ts=ts, thread_ts=_thread(parent))
    return _attempt(courier, row, parent)


def _settle(courier: Courier, row: Row, parent: Row | None) -> str | None:
    """Wait until the message would be visible, and look for it; its ts, or None.

    What an earlier process left may have been on its way until that process died, at the latest
    when this delivery started.
    """
    unknown_since = max(datetime.fromisoformat(str(row["updated_at"])), courier.started_at)
    settled_at = unknown_since + timedelta(seconds=courier.settings.settling_seconds)
    courier.sleep(max(0.0, (settled_at - courier.now()).total_seconds()))
    if row["kind"] == "edit":
        return None
    created_at = datetime.fromisoformat(str(row["created_at"]))
    return look_up(
        courier.client,
        str(row["message_key"]),
        channel=str(row["channel"]),
        thread_ts=_thread(parent),
        since=(created_at - CLOCK_TOLERANCE).timestamp(),
    )


def _attempt(courier: Courier, row: Row, parent: Row | None) -> str:
    channel = str(parent["channel"]) if parent else courier.settings.channel_of(str(row["route"]))
    if not channel:
        return _end(courier, row, "failed", error="no_channel")
    file_id, note = file_of(courier.con, courier.client, row, parent)
    store.begin_attempt(courier.con, _id(row), channel=channel, now=courier.now())

    def send(payload: dict[str, object]) -> str:
        return _call(courier.client, payload, row, parent, channel)

    try:
        ts = send_with_picture(send, json.loads(str(row["payload"])), file_id, courier.sleep)
    except CallError as failure:
        is_gone = row["kind"] == "edit" and failure.error == "message_not_found"
        # Somebody deleted the message: an edit has nothing left to change, and nothing is lost.
        return _end(courier, row, "sent" if is_gone else failure.state, error=failure.error)
    return _end(courier, row, "sent", ts=ts, thread_ts=_thread(parent), error=note)


def _call(
    client: WebClient, payload: dict[str, object], row: Row, parent: Row | None, channel: str
) -> str:
    if row["kind"] == "edit" and parent:
        key, ts = str(parent["message_key"]), str(parent["ts"])
        return update(client, payload, key, channel=channel, ts=ts)
    key = str(row["message_key"])
    return post(client, payload, key, channel=channel, thread_ts=_thread(parent))


def _thread(parent: Row | None) -> str | None:
    return str(parent["thread_ts"] or parent["ts"]) if parent else None


def _end(
    courier: Courier,
    row: Row,
    state: str,
    *,
    error: str | None = None,
    ts: str | None = None,
    thread_ts: str | None = None,
) -> str:
    store.end_attempt(
        courier.con,
        _id(row),
        state=state,
        now=courier.now(),
        error=error,
        ts=ts,
        thread_ts=thread_ts,
    )
    return state


def _id(row: Row) -> int:
    return int(str(row["outbox_id"]))
