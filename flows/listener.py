"""`qos listen`: a small process that stays, takes the clicks on alerts and says what is due.

It may run while a night is at work: what it writes are acknowledgements, which nights only read.
Clicks are handled one by one; delivery, which may have to wait, goes on beside them.
"""

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from flows.answers import Answer, Outcome, note_answer
from flows.buttons import ACKNOWLEDGE, SNOOZE, block_id
from flows.settings import Settings
from flows.slack_client import CallError, client_for, whisper
from flows.slack_settings import APP_TOKEN_VARIABLE, TOKEN_VARIABLE, SlackSettings
from flows.steady_delivery import SteadyDelivery
from flows.wording import load_words
from warehouse.errors import Undelivered
from warehouse.operations import read
from warehouse.operations.database import operations

PING_SECONDS = 5.0  # a line that is silent for four of these is made again
WAKE_SECONDS = 0.5  # how soon it notices that it shall stop, or that quiet hours are over


@dataclass(frozen=True)
class Listener:
    """What listening works with; `slack` has the policy's channels."""

    settings: Settings
    slack: SlackSettings
    bot_token: str
    app_token: str
    now: Callable[[], datetime]
    say: Callable[[str], None]

    def local_now(self) -> datetime:
        """The clock with the zone of the site."""
        return self.now().astimezone(ZoneInfo(self.settings.parameters.time_zone))


def listen(listener: Listener, stop: threading.Event) -> None:
    """Take clicks until told to stop.

    Raises Undelivered if Slack cannot be reached, or refuses the app, at the beginning; later
    breaks are mended by connecting again.
    """
    requests: queue.Queue[SocketModeRequest] = queue.Queue()
    client = _connected(listener, requests)
    delivery = SteadyDelivery(listener.settings.folders, listener.slack, listener.now, listener.say)
    listener.say("Listening to Slack; stop with Ctrl-C.")
    try:
        with operations(listener.settings.folders.operations) as con:
            delivery.begin()
            while not stop.is_set():
                with contextlib.suppress(queue.Empty):
                    if _handle(listener, con, client, requests.get(timeout=WAKE_SECONDS)):
                        delivery.begin()
                delivery.look(con)
    finally:
        _close(client)
        delivery.end()


def _connected(listener: Listener, requests: "queue.Queue[SocketModeRequest]") -> SocketModeClient:
    logger = logging.getLogger(f"{__name__}.sdk")
    logger.setLevel(logging.CRITICAL)  # it reports every reconnection, and bodies when it debugs
    client = SocketModeClient(
        app_token=listener.app_token,
        logger=logger,
        ping_interval=PING_SECONDS,
        web_client=WebClient(base_url=listener.slack.api_url, logger=logger, retry_handlers=[]),
    )
    client.socket_mode_request_listeners.append(lambda _, request: requests.put(request))
    try:
        client.connect()
    except SlackApiError as error:
        client.close()
        raise Undelivered(
            f"Slack refuses the listener ({error.response.get('error')}): put an app-level token"
            f" with connections:write into {APP_TOKEN_VARIABLE}, and switch Socket Mode on."
        ) from None
    except OSError as error:
        client.close()
        reason = type(getattr(error, "reason", error)).__name__
        raise Undelivered(f"Slack cannot be reached ({reason}): start again later.") from None
    return client


def _close(client: SocketModeClient) -> None:
    """Where the line breaks at this very moment, the SDK trips over what it has closed already."""
    client.auto_reconnect_enabled = False
    with contextlib.suppress(AttributeError):
        client.disconnect()
    client.close()


def _handle(
    listener: Listener,
    con: sqlite3.Connection,
    client: SocketModeClient,
    request: SocketModeRequest,
) -> bool:
    """Write what was clicked, then tell Slack that it was heard; whether there is news to tell.

    In this order a click that Slack was not told of comes again, and counts once.
    """
    has_news = False
    if request.type == "interactive" and request.payload.get("type") == "block_actions":
        for action in request.payload.get("actions", []):
            has_news |= _answer(listener, con, request.payload, action)
    # A connection that has just gone down is made again, and Slack sends the click again.
    with contextlib.suppress(SlackClientNotConnectedError):
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
    return has_news


def _answer(
    listener: Listener,
    con: sqlite3.Connection,
    payload: Mapping[str, Any],
    action: Mapping[str, Any],
) -> bool:
    if action.get("action_id") not in (ACKNOWLEDGE, SNOOZE):
        return False
    who = str(payload["user"]["id"])
    until = action.get("selected_date") if action["action_id"] == SNOOZE else None
    incident_id = _incident_of(con, str(action.get("block_id")))
    words = load_words(listener.settings.language)
    answer = Answer(
        incident_id=incident_id,
        who=who,
        way="slack",
        event_key=f"slack:{action.get('action_ts')}:{who}:{action['action_id']}",
        until=date.fromisoformat(until) if until else None,
    )
    outcome = note_answer(con, answer, words, listener.local_now())
    listener.say(f"{incident_id or 'unknown incident'}: {outcome.value}, by {who}")
    if outcome not in (Outcome.NOTED, Outcome.KNOWN):
        client = client_for(listener.bot_token, listener.slack)
        text = str(words["answers"][outcome.value])
        try:
            whisper(client, text, channel=str(payload["channel"]["id"]), user=who)
        except CallError as failure:  # a courtesy: nothing hangs on it, but it is not hidden
            listener.say(f"could not tell {who}: {failure.error}")
    return outcome is Outcome.NOTED


def _incident_of(con: sqlite3.Connection, clicked: str) -> str:
    ids = (str(row["incident_id"]) for row in read.incidents(con))
    return next((incident_id for incident_id in ids if block_id(incident_id) == clicked), "")


def missing_tokens(bot_token: str | None, app_token: str | None) -> list[str]:
    """A sentence for each token that listening needs and the environment lacks."""
    needed = {TOKEN_VARIABLE: bot_token, APP_TOKEN_VARIABLE: app_token}
    return [
        f"{variable} is not set: qos listen needs the bot token and the app-level token."
        for variable, token in needed.items()
        if not token
    ]
