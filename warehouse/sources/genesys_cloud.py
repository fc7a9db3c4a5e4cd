"""Genesys Cloud conversation details, as the analytics API and its exports deliver them.

A record is a conversation with all its legs; the later export of one wins as a whole. What the
source leaves open is settled here:

* A leg is an agent's session with an `interact` segment, if a queue passed it on: the last `acd`
  session with the same queueId that began before. Without one it was never queued. A queue's
  session that no agent answered is a leg too. An agent who took over without queueing again has a
  leg with the wait of the one before him.
* Where a session has no tTalk, its segments are the times. After-contact work counts from the end
  of the conversation on: its segment may begin before.
* A queue's session without tAbandon and tFlowOut that nobody answered went on elsewhere if another
  queue or voicemail follows, or if it was passed on and not to an agent who was rung in vain (a
  callback is a `callback` then); otherwise it was abandoned.
* Sessions with a segment that has no end are pending, unless the conversation has ended.
* The reason is the agent's last wrap-up code, or what `reason_attribute` names of the attributes of
  a participant, the customer's first; `customer_attribute` likewise, or a field of his session.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from warehouse.sources import Feed, Reading
from warehouse.sources.callers import caller, customer
from warehouse.sources.genesys_conversations import rung_in_vain, said_by, sessions_of
from warehouse.sources.genesys_legs import legs_of
from warehouse.sources.json_fields import (
    Json,
    entry,
    is_told,
    loosely,
    moment,
    objects,
    required,
    text,
    word,
)
from warehouse.sources.json_rows import NO_LEG, Row, read_rows

VERSION = 5

ENVELOPE = "conversations"


def read(path: Path, feed: Feed, name: str) -> Iterator[Reading]:
    """Read conversation details; see `warehouse.sources.Adapter`."""
    return read_rows(path, feed, name, _rows_of, "conversationId", ENVELOPE)


def _rows_of(conversation: Json, feed: Feed) -> list[Row]:
    identity = required(text(conversation, "conversationId"), "conversationId")
    row = NO_LEG | {
        "call_id": identity,
        "contact_id": identity,
        "record_id": identity,
        "queued_at": loosely(moment, conversation, "conversationStart", feed.time_zone),
    }
    if _is_outbound(conversation):
        return [row]
    is_live = _is_live(conversation)
    media = {name.lower() for name in feed.media}
    sessions = sessions_of(conversation, feed.time_zone)
    rung = rung_in_vain(conversation)
    legs = [
        leg
        for session, leg in legs_of(sessions, rung, is_live=is_live)
        if not media or session.medium in media
    ]
    if not legs:
        return [row | {"status": "pending" if is_live else "no_call"}]
    about_all = {"customer_id": _customer(conversation, feed)}
    if feed.reason_attribute:
        about_all["reason"] = _attribute(conversation, feed.reason_attribute) or "unknown"
    return _fingerprinted([row | leg | about_all for leg in legs])


def _is_outbound(conversation: Json) -> bool:
    if word(conversation, "originatingDirection") == "outbound":
        return True
    return any(said.get("outboundCampaignId") for _, said in said_by(conversation))


def _is_live(conversation: Json) -> bool:
    """Whether something in it has not ended; old exports of ended ones have no conversationEnd."""
    segments = [s for _, said in said_by(conversation) for s in objects(said, "segments")]
    has_ended = is_told(conversation.get("conversationEnd"))
    return not has_ended and any(not is_told(segment.get("segmentEnd")) for segment in segments)


def _customer(conversation: Json, feed: Feed) -> str | None:
    """Who called; where the customer was called himself, `ani` is the number he was called from."""
    sessions = [
        said
        for participant, said in said_by(conversation)
        if word(participant, "purpose") == "customer" and word(said, "direction") != "outbound"
    ]
    name = feed.customer_attribute
    if name:
        shown = [_attribute(conversation, name), *(entry(said, name) for said in sessions)]
        return next((customer(s, feed.country_code) for s in shown if s), None)
    numbers = (caller(entry(said, "ani"), feed.country_code) for said in sessions)
    return next((number for number in numbers if number), None)


def _attribute(conversation: Json, name: str) -> str | None:
    participants = objects(conversation, "participants")
    customer_first = sorted(participants, key=lambda said: word(said, "purpose") != "customer")
    values = (entry(participant.get("attributes"), name) for participant in customer_first)
    return next((value for value in values if value), None)


def _fingerprinted(rows: list[Row]) -> list[Row]:
    """Each row with what tells this version of the conversation from others: all rows of it."""
    said = json.dumps(rows, sort_keys=True, default=str)
    content = hashlib.sha256(said.encode()).hexdigest()
    return [row | {"content": content} for row in rows]
