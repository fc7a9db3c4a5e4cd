"""The `queue_log` of Asterisk, file or database table: what happened to each call in each queue.

An event log has no legs in it: `staging/queue_visits.sql` and `staging/queue_legs.sql` assemble
them, whatever comes when. Here every event gets, in the columns of raw:

* `data1`, `data2`: the seconds of waiting and of talking that it tells of, 0 where there can be
  none, null where it should say and does not (parameters were added over the years); together
  they tell how long before the event the call entered the queue;
* `data3`: its step: entered, connected, completed, transferred, abandoned, the outcome of one who
  left the queue (overflow, or what the feed's `exit_outcomes` says of the queue), `aside` for what
  happens while he waits on, `no_call` (also for who never entered the queue), or `unknown`.

No other parameter is kept: they hold telephone numbers, names and channels. What the makers leave
open is settled here: LEAVEEMPTY, which some dialplans log, is an exit that never says how long
the wait was; a parameter that is no number, where seconds belong, quarantines its event, a
missing one does not.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources import Feed, Reading, values
from warehouse.sources.asterisk_forms import file_rows, is_table, table_rows
from warehouse.sources.callers import callers
from warehouse.sources.fields import events
from warehouse.sources.text import Table, sort_out

VERSION = 4
RAW_TABLE = "queue_events"

LONGEST_SECONDS = 365 * 86_400
NEVER = 99  # no event has so many parameters
# Step of each event, and the places of its wait and its talk among its parameters, from 0.
STEPS: dict[str, tuple[str, int | None, int | None]] = {
    "ENTERQUEUE": ("entered", None, None),
    "CONNECT": ("connected", 0, None),
    "COMPLETEAGENT": ("completed", 0, 1),
    "COMPLETECALLER": ("completed", 0, 1),
    "TRANSFER": ("transferred", 2, 3),
    "BLINDTRANSFER": ("transferred", 2, 3),
    "ATTENDEDTRANSFER": ("transferred", 2, 3),
    "ABANDON": ("abandoned", 2, None),
    "EXITEMPTY": ("overflow", 2, None),
    "EXITWITHTIMEOUT": ("overflow", 2, None),
    "EXITWITHKEY": ("overflow", 3, None),
    "LEAVEEMPTY": ("overflow", NEVER, None),
}
CALLER_PLACE = 1  # of ENTERQUEUE: address, caller, position
ASIDE = ("RINGNOANSWER", "RINGCANCELED", "AGENTDUMP")
NO_CALL = (
    r"^(?:OUT.*|AGENT.*|PAUSE.*|UNPAUSE.*|DID|ADDMEMBER|REMOVEMEMBER|CONFIGRELOAD|QUEUESTART"
    r"|FULL|JOINEMPTY|CLOSED)$"
)
NO_CALL_IDS = ("NONE", "MANAGER", "REALTIME")


def read(path: Path, feed: Feed, name: str) -> Iterator[Reading]:
    """Read a log in either form; see `warehouse.sources.Adapter`."""
    form = table_rows if is_table(path, feed, name) else file_rows
    steps: dict[str, str] = {}
    for table in form(path, feed, name):
        reading = _reading(table, feed)
        seen = reading.rows.select("event", "data3").unique().sort("event", "data3")
        steps = dict(seen.iter_rows()) | steps
        yield replace(reading, columns=events(steps))
    if form is file_rows and not steps:
        raise DataRejected(
            fault(
                "{name}: no line is an event of a queue_log (epoch|callid|queue|agent|EVENT|...),"
                " and the first is no header of its table; deliver the log, or the table as CSV"
                " with its header, or change the adapter",
                name=name,
            )
        )


def _reading(table: Table, feed: Feed) -> Reading:
    events = table.rows.with_columns(
        _times(table.rows["time"], feed), pl.col("event").str.to_uppercase()
    ).with_columns(_step(feed), _parameter("wait", 1), _parameter("talk", 2))
    parsed = events.with_columns(_callers(events, feed)).select(*_canonical(), _fault(), "line")
    times = parsed.select(pl.when(pl.col("fault").is_null()).then("happened_at")).to_series()
    doubtful = values.taken_for_first_hour(table.rows["time"], times, feed.time_zone)
    return replace(sort_out(table, parsed), taken_for_first_hour=doubtful)


def _times(text: pl.Series, feed: Feed) -> pl.Series:
    """Seconds since 1970, or a time as the feed writes it."""
    time = pl.col(text.name)
    microseconds = (
        (values.number(time.str.strip_chars()) * 1e6).round().cast(pl.Int64, strict=False)
    )
    times = text.to_frame().select(microseconds.cast(pl.Datetime("us"))).to_series()
    if times.null_count():
        written = values.utc(time, feed.time_zone, feed.date_format)
        times = times.fill_null(text.to_frame().select(written).to_series())
    return times.alias("happened_at")


def _step(feed: Feed) -> pl.Expr:
    event = pl.col("event")
    steps = {name: step for name, (step, _, _) in STEPS.items()}
    known = event.replace_strict(steps, default=None, return_dtype=pl.String)
    left = pl.col("queue").replace_strict(
        feed.exit_outcomes, default="overflow", return_dtype=pl.String
    )
    no_call = event.str.contains(NO_CALL) | pl.col("call_id").str.to_uppercase().is_in(NO_CALL_IDS)
    return (
        pl.when(event.is_in(ASIDE))
        .then(pl.lit("aside"))
        .when(no_call)
        .then(pl.lit("no_call"))
        .when(known == "overflow")
        .then(left)
        .otherwise(known.fill_null("unknown"))
        .alias("step")
    )


def _parameter(name: str, which: int) -> pl.Expr:
    """The text of an event's wait or talk: "0" where there is none, null where it is missing.

    How an attended transfer was made comes before its wait and talk.
    """
    places = {event: said[which] for event, said in STEPS.items()}
    place = pl.col("event").replace_strict(places, default=None, return_dtype=pl.Int64)
    is_attended = pl.col("event") == "ATTENDEDTRANSFER"
    further = pl.when(is_attended).then(_described() - 2).otherwise(0)
    said = pl.col("parameters").list.get(place + further, null_on_oob=True)
    return (
        pl.when(place.is_null())
        .then(pl.lit("0"))
        .when(said.str.strip_chars() != "")
        .then(said.str.strip_chars())
        .alias(name)
    )


def _described() -> pl.Expr:
    """How many parameters of an attended transfer say how it was made.

    A link names two channels. Else all but the last three (wait, talk, position); where there are
    not five, those before the first number.
    """
    parameters = pl.col("parameters")
    count = parameters.list.len().cast(pl.Int64)
    texts = (parameters.list.get(n, null_on_oob=True).str.strip_chars() for n in range(2))
    first, second = (values.number(text) for text in texts)
    return (
        pl.when(parameters.list.first().str.to_uppercase() == "LINK")
        .then(3)
        .when(count >= 5)
        .then(count - 3)
        .when(first.is_not_null())
        .then(0)
        .when(second.is_not_null())
        .then(1)
        .otherwise(2)
    )


def _callers(events: pl.DataFrame, feed: Feed) -> pl.Series:
    shown = pl.col("parameters").list.get(CALLER_PLACE, null_on_oob=True)
    said = events.select(pl.when(pl.col("step") == "entered").then(shown)).to_series()
    return callers(said, feed.country_code).alias("customer_id")


def _canonical() -> list[pl.Expr]:
    agent = pl.col("agent_id")
    return [
        pl.col("happened_at", "call_id", "event", "customer_id"),
        pl.when(pl.col("queue") == "").then(pl.lit("unknown")).otherwise("queue").alias("queue"),
        pl.when(~agent.str.to_uppercase().is_in(["", "NONE"])).then(agent).alias("agent_id"),
        _seconds("wait").cast(pl.Decimal(18, 6)).cast(pl.String).alias("data1"),
        _seconds("talk").cast(pl.Decimal(18, 6)).cast(pl.String).alias("data2"),
        pl.col("step").alias("data3"),
    ]


def _seconds(text: str) -> pl.Expr:
    seconds = values.number(pl.col(text).str.strip_chars())
    return pl.when(seconds.is_between(0, LONGEST_SECONDS)).then(seconds)


def _fault() -> pl.Expr:
    """What a leg cannot do without; other events may say what they like."""
    is_of_a_call = ~pl.col("step").is_in(["aside", "no_call", "unknown"])
    faults = [
        pl.when(pl.col("event").is_null()).then(pl.lit("fewer than five fields")),
        pl.when(pl.col("happened_at").is_null()).then(pl.lit("the time is not a time")),
        pl.when(pl.col("event") == "").then(pl.lit("event is empty")),
        pl.when(is_of_a_call & (pl.col("call_id") == "")).then(pl.lit("callid is empty")),
    ]
    for column in ("wait", "talk"):
        is_bad = is_of_a_call & pl.col(column).is_not_null() & _seconds(column).is_null()
        faults.append(pl.when(is_bad).then(pl.lit(f"{column} is not between 0 and a year")))
    return pl.coalesce(faults).alias("fault")
