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

EVALUATIONS: dict[str, type[pl.DataType] | pl.DataType] = {
    "evaluated_on": pl.Date,
    "agent_id": pl.String,
    "call_id": pl.String,
    "score": pl.Float64,
    "max_score": pl.Float64,
    "is_procedure_ok": pl.Boolean,
}

SATISFACTION: dict[str, type[pl.DataType] | pl.DataType] = {
    "call_id": pl.String,
    "score": pl.Float64,
    "max_score": pl.Float64,
}

CUSTOMERS: dict[str, type[pl.DataType] | pl.DataType] = {
    "month": pl.Date,
    "subscribers": pl.Float64,
}

EVENTS: dict[str, type[pl.DataType] | pl.DataType] = {"day": pl.Date, "label": pl.String}

INVOICES: dict[str, type[pl.DataType] | pl.DataType] = {
    "month": pl.Date,
    "provider": pl.String,
    "amount": pl.Float64,  # negative: a credit note
    "currency": pl.String,
    "billed_hours": pl.Float64,
    "billed_seats": pl.Float64,
}

TRAINING: dict[str, type[pl.DataType] | pl.DataType] = {
    "day": pl.Date,
    "agent_id": pl.String,
    "hours": pl.Float64,
    "cost": pl.Float64,  # in the currency of the contract
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

FEEDS = {
    "calls": CALLS,
    "roster": ROSTER,
    "evaluations": EVALUATIONS,
    "satisfaction": SATISFACTION,
    "customers": CUSTOMERS,
    "events": EVENTS,
    "invoices": INVOICES,
    "training": TRAINING,
}

# The tables of raw; the feed `calls` fills `calls` or `queue_events`.
RAW = FEEDS | {"calls": CALLS | RECORD, "queue_events": QUEUE_EVENTS}

REQUIRED = {
    "calls": ("call_id", "queued_at", "wait_seconds"),
    "roster": ("agent_id", "hired_on"),
    "evaluations": ("evaluated_on", "agent_id", "score", "max_score"),
    "satisfaction": ("call_id", "score", "max_score"),
    "customers": ("month", "subscribers"),
    "events": ("day", "label"),
    "invoices": ("month", "amount", "currency"),
    "training": ("day", "agent_id", "hours", "cost"),
}

# What tells, of a row that comes again, which one it was, and the columns that takes: a row that is
# loaded later closes the one that quarantine has under the same identity. `||` is null if any part
# is. staging/quarantine.sql says the same of rows that were loaded.
IDENTITY: dict[str, tuple[str, tuple[str, ...]]] = {
    "calls": ("record_id", ("call_id", "record_id")),
    "queue_events": (
        "cast(happened_at as varchar) || '|' || call_id || '|' || event",
        ("happened_at", "call_id", "event"),
    ),
    "roster": ("agent_id", ("agent_id", "snapshot_on")),
    "evaluations": (
        "cast(evaluated_on as varchar) || '|' || agent_id || '|' || coalesce(call_id, '')",
        ("evaluated_on", "agent_id", "call_id"),
    ),
    "satisfaction": ("call_id", ("call_id",)),
    "customers": ("cast(month as varchar)", ("month",)),
    "invoices": ("cast(month as varchar) || '|' || provider", ("month", "provider")),
    "training": ("cast(day as varchar) || '|' || agent_id", ("day", "agent_id")),
}

IDENTITIES = ("customer_id", "agent_id")
# What raw keeps as a keyed hash only: the content of a version is made from identities, too.
KEYED = (*IDENTITIES, "content")

OUTCOMES = ("handled", "abandoned", "callback", "overflow", "voicemail", "ignored")
LEAVE_REASONS = (
    "voluntary", "dismissed", "end_of_contract", "provider_rotation", "transfer_to_client",
    "promotion", "training_washout", "retirement", "other",
)  # fmt: skip
CURRENCIES = ("EUR", "FRF")


def _one_of(column: str, names: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(name) for name in names)})"


def _within(column: str, most: int) -> str:
    """What an invoice may leave out, and may not get wrong."""
    return f"{column} is null or ({column} >= 0 and {column} <= {most})"


def _at_most_a_year(column: str) -> str:
    """More is a fault of the export, and in the end more than a decimal can hold."""
    return f"{column} >= 0 and {column} <= {365 * 86_400}"


def _since(year: int, column: str) -> dict[str, str]:
    """Other years are slips of the pen, their first day is how some systems write never."""
    return {
        f"{column} is between {year} and 2100":
            f"{column} >= date '{year}-01-02' and {column} < date '2100-01-01'"
    }  # fmt: skip


def holdable(table: str) -> str:
    """What tables can hold: the predicate that a row keeps even if a rule was released for it."""
    held = [f"{column} is not null" for column in REQUIRED.get(table, ())]
    for column, kind in RAW[table].items():
        if kind == pl.Float64:
            held.append(f"coalesce(abs({column}) < 1e11, true)")
        if kind in (pl.Date, pl.Datetime("us")):
            span = f"{column} >= date '1930-01-01' and {column} < date '2200-01-01'"
            held.append(f"coalesce({span}, true)")
    return " and ".join(held)


POINTS = {
    "score is between 0 and max_score": "score >= 0 and score <= max_score and max_score > 0",
    "max_score is at most a million": "max_score <= 1000000",
}

RULES: dict[str, dict[str, str]] = {
    "calls": {
        "call_id is given": "call_id <> ''",
        **_since(1970, "queued_at"),
        "wait_seconds is between 0 and a year": _at_most_a_year("wait_seconds"),
        "talk_seconds is between 0 and a year": _at_most_a_year("talk_seconds"),
        "hold_seconds is between 0 and a year": _at_most_a_year("hold_seconds"),
        "wrap_seconds is between 0 and a year": _at_most_a_year("wrap_seconds"),
        "outcome is known": _one_of("outcome", OUTCOMES),
    },
    "queue_events": _since(1970, "happened_at"),
    "roster": {
        "agent_id is given": "agent_id <> ''",
        **_since(1970, "snapshot_on"),
        **_since(1930, "hired_on"),
        "left_on is not before hired_on": "left_on is null or left_on >= hired_on",
        "leave_reason is known":
            "leave_reason is null or " + _one_of("leave_reason", LEAVE_REASONS),
    },
    "evaluations": {**_since(1970, "evaluated_on"), **POINTS},
    "satisfaction": POINTS,
    "customers": {
        **_since(1970, "month"),
        "subscribers is between 1 and a billion": "subscribers >= 1 and subscribers <= 1000000000",
    },
    "events": {**_since(1970, "day"), "label is given": "label <> ''"},
    "invoices": {
        **_since(1970, "month"),
        "currency is EUR or FRF": _one_of("currency", CURRENCIES),
        "amount is less than a billion": "amount > -1e9 and amount < 1e9",
        "billed_hours are between 0 and a million": _within("billed_hours", 1_000_000),
        "billed_seats are between 0 and 100000": _within("billed_seats", 100_000),
    },
    "training": {
        **_since(1970, "day"),
        "agent_id is given": "agent_id <> ''",
        "hours are between 0 and 24": "hours >= 0 and hours <= 24",
        "cost is between 0 and a million": "cost >= 0 and cost <= 1000000",
    },
}  # fmt: skip
