"""The calls we make to Slack's Web API, and what their outcomes mean.

Each call ends in a ts, or in a `CallError` that says whether Slack refused the message for good,
refused it for now, or whether nobody knows if it arrived.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any, cast

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from flows.slack_settings import SlackSettings

EVENT_TYPE = "ftci_qos_message"
RATE_LIMIT_RETRIES = 3
PAGE_SIZE = 200
# Slack says of these that part of the work may be done (docs.slack.dev, chat.postMessage, errors).
UNKNOWN_ERRORS = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
)
PASSING_ERRORS = frozenset({"ratelimited", "rate_limited"})
ERROR_CODE = re.compile(r"[a-z_]+")


class CallError(Exception):
    """A call that brought no answer we can use.

    `state` is what becomes of the message: `failed` (refused for good), `pending` (refused for
    now), `unconfirmed` (it may have arrived).
    """

    def __init__(self, state: str, error: str) -> None:
        super().__init__(error)
        self.state = state
        self.error = error


def client_for(token: str, settings: SlackSettings) -> WebClient:
    """A client that waits when it is told to and never repeats a request by itself.

    The SDK's default handler sends again when a connection drops, after Slack took the message.
    """
    logger = logging.getLogger(f"{__name__}.sdk")
    logger.setLevel(logging.CRITICAL)  # it logs failures that we keep, and bodies when it debugs
    return WebClient(
        token=token,
        base_url=settings.api_url,
        timeout=cast(int, settings.timeout_seconds),  # urllib takes fractions
        logger=logger,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)],
    )


def post(
    client: WebClient, payload: Mapping[str, Any], key: str, *, channel: str, thread_ts: str | None
) -> str:
    """Post a message that carries its key; returns its ts."""
    with _outcome():
        answer = client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            text=payload["text"],
            blocks=payload["blocks"],
            metadata=_metadata(key),
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])


def update(
    client: WebClient, payload: Mapping[str, Any], key: str, *, channel: str, ts: str
) -> str:
    """Change the message at `ts`, whose key stays; returns its ts."""
    with _outcome():
        answer = client.chat_update(
            channel=channel,
            ts=ts,
            text=payload["text"],
            blocks=payload["blocks"],
            metadata=_metadata(key),
        )
        return str(answer["ts"])


def upload(client: WebClient, png: bytes, title: str) -> str:
    """Upload a picture that no channel is told of; returns the ID that a message shows it by."""
    with _outcome():
        answer = client.files_upload_v2(filename="weeks.png", content=png, title=title)
        return str(answer["files"][0]["id"])


def whisper(client: WebClient, text: str, *, channel: str, user: str) -> None:
    """Tell one person in a channel something that nobody else sees."""
    with _outcome():
        client.chat_postEphemeral(channel=channel, user=user, text=text)


def look_up(
    client: WebClient, key: str, *, channel: str, thread_ts: str | None, since: float
) -> str | None:
    """The ts of the message with this key among those since `since` (Unix time), or None."""
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{since:.6f}",
        "limit": PAGE_SIZE,
        "include_all_metadata": True,
    }
    with _outcome():
        if thread_ts:
            pages = client.conversations_replies(ts=thread_ts, **asked)
        else:
            pages = client.conversations_history(**asked)
        for page in pages:
            for message in page["messages"]:
                metadata = message.get("metadata", {})
                if metadata.get("event_payload", {}).get("message_key") == key:
                    return str(message["ts"])
    return None


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"message_key": key}}


@contextmanager
def _outcome() -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise CallError(*_judged(error)) from None
    except SlackRequestError:  # its text holds the address of an upload
        raise CallError("failed", "not uploaded") from None
    except (OSError, HTTPException, ValueError) as error:
        # ValueError: an answer that is cut off or no JSON. Refused connections are here too:
        # to look up in vain costs a settling time, to take a drop for a refusal a second copy.
        reason = getattr(error, "reason", error)
        raise CallError("unconfirmed", f"no answer ({type(reason).__name__})") from None


def _judged(error: SlackApiError) -> tuple[str, str]:
    status = error.response.status_code
    code = str(error.response.get("error"))
    if status == 429 or code in PASSING_ERRORS:
        return "pending", "ratelimited"
    if status != 200 or not ERROR_CODE.fullmatch(code):
        return "unconfirmed", f"HTTP {status}"
    return ("unconfirmed" if code in UNKNOWN_ERRORS else "failed"), code
