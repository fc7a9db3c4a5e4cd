"""The canonical columns of each feed, with their types in raw, and the rules each row must keep.

A rule is a predicate in SQL, written once: it puts a row in quarantine at load, and it is what
Great Expectations expects of staging.
"""

import polars as pl

CALLS: dict[str, type[pl.DataType] | pl.DataType] = {
    "call_id": pl.String,
    "contact_id": pl.String,
    "queued_at": pl.Datetime("us"),
    "queue": pl.String,
    "reason": pl.String,
    "customer_id": pl.String,
    "agent_id": pl.String,
    "wait_seconds": pl.Float64,
    "talk_seconds": pl.Float64,
    "hold_seconds": pl.Float64,
    "wrap_seconds": pl.Float64,
    "outcome": pl.String,
    "is_transferred": pl.Boolean,
    "updated_at": pl.Datetime("us"),
}

ROSTER: dict[str, type[pl.DataType] | pl.DataType] = {
    "snapshot_on": pl.Date,
    "agent_id": pl.String,
    "provider": pl.String,
    "team": pl.String,
    "role": pl.String,
    "hired_on": pl.Date,
    "left_on": pl.Date,
    "leave_reason": pl.String,
    "fte": pl.Float64,
}

# What raw keeps of a source record beside the legs in it. A record is what is delivered again and
# amended as one: mostly a leg, in some formats a conversation of several.
RECORD: dict[str, type[pl.DataType] | pl.DataType] = {
    "record_id": pl.String,  # default: call_id
    "content": pl.String,  # tells two versions of a record of several legs apart; default: null
    "status": pl.String,  # leg, no_call or pending; default: leg
    "handed_to": pl.String,  # the record_id that the contact went on to
    "arrived_by": pl.String,  # how the contact came to this record
}

# An event log: what happened to a call, one event a row; staging assembles the legs.
QUEUE_EVENTS: dict[str, type[pl.DataType] | pl.DataType] = {
    "happened_at": pl.Datetime("us"),
    "call_id": pl.String,
    "queue": pl.String,
    "agent_id": pl.String,
    "event": pl.String,
    "customer_id": pl.String,
    **{f"data{n}": pl.String for n in range(1, 6)},
}

FEEDS = {"calls": CALLS, "roster": ROSTER}

# The tables of raw; the feed `calls` fills one of the first two.
RAW = {"calls": CALLS | RECORD, "queue_events": QUEUE_EVENTS, "roster": ROSTER}

REQUIRED = {"calls": ("call_id", "queued_at", "wait_seconds"), "roster": ("agent_id", "hired_on")}

IDENTITIES = ("customer_id", "agent_id")

OUTCOMES = ("handled", "abandoned", "callback", "overflow", "voicemail", "ignored")
LEAVE_REASONS = (
    "voluntary", "dismissed", "end_of_contract", "provider_rotation", "transfer_to_client",
    "promotion", "training_washout", "retirement", "other",
)  # fmt: skip


def _one_of(column: str, names: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(name) for name in names)})"


RULES: dict[str, dict[str, str]] = {
    "calls": {
        "call_id is given": "call_id <> ''",
        "queued_at is between 1970 and 2100":
            "queued_at >= date '1970-01-02' and queued_at < date '2100-01-01'",
        "wait_seconds is not negative": "wait_seconds >= 0",
        "talk_seconds is not negative": "talk_seconds >= 0",
        "hold_seconds is not negative": "hold_seconds >= 0",
        "wrap_seconds is not negative": "wrap_seconds >= 0",
        "outcome is known": _one_of("outcome", OUTCOMES),
    },
    "queue_events": {
        "happened_at is between 1970 and 2100":
            "happened_at >= date '1970-01-02' and happened_at < date '2100-01-01'",
    },
    "roster": {
        "agent_id is given": "agent_id <> ''",
        "hired_on is between 1930 and 2100":
            "hired_on >= date '1930-01-01' and hired_on < date '2100-01-01'",
        "left_on is not before hired_on": "left_on is null or left_on >= hired_on",
        "leave_reason is known":
            "leave_reason is null or " + _one_of("leave_reason", LEAVE_REASONS),
    },
}  # fmt: skip
