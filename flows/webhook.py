"""Messages by incoming webhook: the simple set-up, without threads, edits, pictures or buttons.

Nothing that was sent this way can be looked up. So an unknown outcome stays `unconfirmed` until
somebody who has looked into the channel says what became of it; it is never sent again unasked.
"""

import json
import logging
import socket
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http.client import HTTPException
from typing import cast

from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from flows.block_kit import with_picture
from flows.buttons import without_buttons
from flows.slack_settings import SlackSettings
from warehouse.operations import store

WEBHOOK = "webhook"  # what stands in the outbox for a channel that we do not know
RATE_LIMIT_RETRIES = 3
NOT_REACHED = (ConnectionRefusedError, socket.gaierror)

Row = dict[str, object]


def send_by_webhook(
    con: sqlite3.Connection,
    rows: Iterable[Row],
    addresses: Mapping[str, str],
    settings: SlackSettings,
    now: Callable[[], datetime],
) -> None:
    """Send messages, each on its own, to the address of its route."""
    for row in rows:
        if row["state"] == "unconfirmed":
            continue
        outbox_id = int(str(row["outbox_id"]))
        if row["kind"] == "edit":  # the reply beside it says the same
            store.end_attempt(con, outbox_id, state="printed", now=now())
            continue
        address = addresses.get(str(row["route"]))
        if address is None:
            store.end_attempt(con, outbox_id, state="failed", now=now(), error="no_webhook")
            continue
        store.begin_attempt(con, outbox_id, channel=WEBHOOK, now=now())
        state, error = _send(address, str(row["payload"]), settings)
        store.end_attempt(con, outbox_id, state=state, now=now(), error=error)


def _send(address: str, payload: str, settings: SlackSettings) -> tuple[str, str | None]:
    """The state that a message is left in, and the error."""
    logger = logging.getLogger(f"{__name__}.sdk")
    logger.setLevel(logging.CRITICAL)  # it would log the address, which is a secret
    client = WebhookClient(
        address,
        timeout=cast(int, settings.timeout_seconds),  # urllib takes fractions
        logger=logger,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)],
    )
    bare = with_picture(json.loads(payload), None)
    try:
        answer = client.send(text=bare["text"], blocks=without_buttons(bare["blocks"]))
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        # Where nobody was reached, nothing can have arrived.
        state = "pending" if isinstance(reason, NOT_REACHED) else "unconfirmed"
        return state, f"no answer ({type(reason).__name__})"
    if answer.status_code == 200:
        return "sent", None
    if answer.status_code == 429:
        return "pending", "ratelimited"
    if answer.status_code >= 500:
        return "unconfirmed", f"HTTP {answer.status_code}"
    return "failed", f"webhook: {answer.body[:80] or answer.status_code}"
