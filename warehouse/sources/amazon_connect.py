"""Amazon Connect contact records, as Firehose and exports deliver them.

A record is a contact with at most one agent, delivered at least once and amended for days: the one
with the newest `LastUpdateTimestamp` wins (staging). What the records leave open is settled here:

* It is a leg if it was queued: `Queue.EnqueueTimestamp`. Outbound calls, also those that an API or
  a campaign began, replies and monitoring are none, nor are the media that the feed does not name.
* `DisconnectTimestamp` is of no use as a time, but null says that the contact goes on. A record
  without the field is judged by its durations.
* Nobody answered if `Agent` is empty or was never connected (`ConnectedToAgentTimestamp` is null),
  whatever `AgentConnectionAttempts` says. Such a contact is abandoned, unless it was sent to a
  number outside (`overflow`), or the record of its `NextContactId` says otherwise, which staging
  knows. An object of nulls is none.
* The records have no disposition: `reason_attribute` names one of `Attributes` or a field of the
  record, or the reason is unknown. `customer_attribute` likewise, instead of the caller's number.
"""

from collections.abc import Iterator
from pathlib import Path

from warehouse.sources import Feed, Reading
from warehouse.sources.callers import caller, customer
from warehouse.sources.json_fields import (
    Json,
    Unusable,
    entry,
    is_told,
    loosely,
    moment,
    number,
    required,
    text,
    value_at,
    word,
)
from warehouse.sources.json_rows import NO_LEG, Row, read_rows

VERSION = 4

NOT_OFFERED = ("outbound", "external_outbound", "campaign_preview", "agent_reply", "monitor")


def read(path: Path, feed: Feed, name: str) -> Iterator[Reading]:
    """Read contact records; see `warehouse.sources.Adapter`."""
    return read_rows(path, feed, name, _rows_of, "ContactId")


def _rows_of(record: Json, feed: Feed) -> list[Row]:
    contact = required(text(record, "ContactId"), "ContactId")
    row = NO_LEG | {
        "call_id": contact,
        "contact_id": loosely(text, record, "InitialContactId") or contact,
        "queued_at": loosely(moment, record, "InitiationTimestamp", feed.time_zone),
        "updated_at": loosely(moment, record, "LastUpdateTimestamp", feed.time_zone),
        "record_id": contact,
        "handed_to": loosely(text, record, "NextContactId"),
        "arrived_by": _arrived_by(record),
    }
    if not (_is_of_interest(record, feed) and _was_queued(record)):
        return [row]
    if _goes_on(record):
        return [row | {"status": "pending"}]
    return [row | _leg(record, feed)]


def _arrived_by(record: Json) -> str | None:
    """How it began, in capitals; a callback also where the customer is called before the agent."""
    method = (word(record, "InitiationMethod") or "").upper()
    return "CALLBACK" if method.startswith("CALLBACK") else method or None


def _is_of_interest(record: Json, feed: Feed) -> bool:
    method = word(record, "InitiationMethod")
    channel = word(record, "Channel") or "voice"
    is_campaign = loosely(text, record, "Campaign.CampaignId") is not None
    is_outbound = method in NOT_OFFERED or (method == "api" and channel == "voice") or is_campaign
    media = {name.lower() for name in feed.media}
    return not is_outbound and (not media or channel in media)


def _was_queued(record: Json) -> bool:
    """Whether it waited in a queue; Unusable if it must have, and does not say since when."""
    if is_told(value_at(record, "Queue.EnqueueTimestamp")):
        return True
    has_left = is_told(value_at(record, "Queue.DequeueTimestamp"))
    has_waited = value_at(record, "Queue.Duration") not in (None, "", 0)
    is_between_agents = word(record, "InitiationMethod") == "transfer"
    is_flat = "Queue" not in record and any(key.lower().startswith("queue") for key in record)
    if has_left or has_waited or is_flat or (_has_agent(record) and not is_between_agents):
        raise Unusable("Queue.EnqueueTimestamp is missing")
    return False


def _has_agent(record: Json) -> bool:
    connected = ("Agent.ConnectedToAgentTimestamp", "Agent.AgentInteractionDuration")
    if any(is_told(value_at(record, path)) for path in connected):
        return True
    is_named = is_told(value_at(record, "Agent.Username"))
    return is_named and "ConnectedToAgentTimestamp" not in record["Agent"]


def _goes_on(record: Json) -> bool:
    if "DisconnectTimestamp" in record:
        return not is_told(record["DisconnectTimestamp"])
    last = "Agent.AgentInteractionDuration" if _has_agent(record) else "Queue.Duration"
    return not is_told(value_at(record, last))


def _leg(record: Json, feed: Feed) -> Row:
    is_sent_out = is_told(record.get("TransferredToEndpoint"))
    leg: Row = {
        "status": "leg",
        "queued_at": moment(record, "Queue.EnqueueTimestamp", feed.time_zone),
        "updated_at": moment(record, "LastUpdateTimestamp", feed.time_zone),
        "contact_id": text(record, "InitialContactId") or text(record, "ContactId"),
        "handed_to": text(record, "NextContactId"),
        "queue": loosely(text, record, "Queue.Name") or "unknown",
        "reason": _attribute(record, feed.reason_attribute) or "unknown",
        "customer_id": _customer(record, feed),
        "wait_seconds": _seconds(record, "Queue.Duration"),
        "outcome": "overflow" if is_sent_out else "abandoned",
        "is_transferred": is_sent_out,
    }
    return leg | _work(record) if _has_agent(record) else leg


def _work(record: Json) -> Row:
    """What the agent did; after-contact work may be told later."""
    return {
        "agent_id": text(record, "Agent.Username"),
        "talk_seconds": _seconds(record, "Agent.AgentInteractionDuration"),
        "hold_seconds": number(record, "Agent.CustomerHoldDuration") or 0.0,
        "wrap_seconds": number(record, "Agent.AfterContactWorkDuration") or 0.0,
        "outcome": "handled",
    }


def _seconds(record: Json, path: str) -> float:
    return required(number(record, path), path)


def _customer(record: Json, feed: Feed) -> str | None:
    if feed.customer_attribute:
        return customer(_attribute(record, feed.customer_attribute), feed.country_code)
    return caller(loosely(text, record, "CustomerEndpoint.Address"), feed.country_code)


def _attribute(record: Json, name: str | None) -> str | None:
    if not name:
        return None
    return entry(record.get("Attributes"), name) or entry(record, name)
