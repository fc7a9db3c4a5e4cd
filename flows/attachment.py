"""The picture of a message: uploaded first, where nobody sees it, then shown by the message.

A message never waits for its picture. An upload that fails, or a file that Slack cannot show, costs
the picture; the message's link leads to the same figures.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from flows.block_kit import with_picture
from flows.slack_client import CallError, upload
from warehouse.operations import store

# Slack takes a moment to make an uploaded file presentable, and calls it invalid until then.
READY_AFTER_SECONDS = (1.0, 2.0, 4.0)

Row = dict[str, object]


def file_of(
    con: sqlite3.Connection, client: WebClient, row: Row, parent: Row | None
) -> tuple[str | None, str | None]:
    """The file that a message shows, uploaded if need be (an edit shows its message's), and what
    went wrong, if anything.

    A process that dies between upload and note leaves a file that nobody sees.
    """
    holder = parent if row["kind"] == "edit" and parent else row
    if holder["file_id"]:
        return str(holder["file_id"]), None
    png = row["picture"]
    if not isinstance(png, bytes):
        return None, None
    try:
        file_id = upload(client, png, str(row["message_key"]))
    except CallError as failure:
        return None, f"without picture: {failure.error}"
    store.note_file(con, int(str(row["outbox_id"])), file_id)
    return file_id, None


def send_with_picture(
    send: Callable[[dict[str, Any]], str],
    payload: dict[str, Any],
    file_id: str | None,
    sleep: Callable[[float], None],
) -> str:
    """`send` the payload with its picture, as soon as Slack can show it, or else without; its ts.

    Raises CallError, as `send` does.
    """
    if file_id:
        for seconds in READY_AFTER_SECONDS:
            try:
                return send(with_picture(payload, file_id))
            except CallError as failure:
                if failure.error != "invalid_blocks":
                    raise
            sleep(seconds)
    return send(with_picture(payload, None))
