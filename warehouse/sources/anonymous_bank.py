"""The call log of the "Anonymous Bank" telephone centre (Guedj and Mandelbaum, Technion).

Its authors publish it as tab-separated text with 17 columns; the clock is local. They say what the
columns are. What they leave open is settled here:

* A row is `handled` if AGENT, `abandoned` if HANG and it queued, whatever else it says; all others
  (PHANTOM, or hung up in the voice-response unit) are `ignored`: they never asked for an agent.
* A row queued unless `q_start`, `q_exit` and `q_time` are all zero: `0:00:00` alone may be a real
  midnight.
* `queued_at` is the arrival, `date` with `vru_entry`. The queue's own clock is of no use as an
  identity in time: it is zero for the half of the calls that were answered at once.
* The wait is `q_time` (0 if it never queued), the talk is `ser_time` of handled rows; service
  often begins a second or two before the queue is left, which is not an error. There is no hold
  and no wrap-up.
* `type` is the reason; types that the authors do not explain (AA) are kept as they are.
* `customer_id` is a customer if it is digits only and not 0; a spreadsheet has mangled some
  (3.27E+11), and several people share one such number.
* `server` NO_SERVER, or on a row that was not handled, is no agent.
* A leg's identity is `vru+line` and `call_id` together.
* A row of 16 fields, one of which holds two words, is a row of 17 in which blanks took the place of
  a tab: no column has blanks in it. It is parted there; all others of another length are rejected.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources import Feed, Reading
from warehouse.sources.text import Table, own_names, read_text, sort_out
from warehouse.sources.values import local_to_utc, taken_for_first_hour

VERSION = 2

HEADER = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date",
    "vru_entry", "vru_exit", "vru_time", "q_start", "q_exit", "q_time",
    "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip


def read(path: Path, feed: Feed, name: str) -> Iterator[Reading]:
    """Read a month of the log; see `warehouse.sources.Adapter`."""
    for table in read_text(path, name, feed.encoding, "\t", quote=""):
        if tuple(title.lower() for title in table.header) != HEADER:
            raise DataRejected(
                fault(
                    "{name}, line 1: this is not the header of the Anonymous Bank's log, which has"
                    " the {count} columns {columns}; remove the file or change the adapter",
                    name=name,
                    count=len(HEADER),
                    columns=", ".join(HEADER),
                )
            )
        yield _reading(_parted(table), feed)


def _reading(table: Table, feed: Feed) -> Reading:
    clean = table.rows.rename(dict(zip(own_names(table.header), HEADER, strict=True))).with_columns(
        pl.col(HEADER).str.strip_chars()
    )
    parsed = clean.select(*_legs(feed.time_zone), _fault(), "line")
    times = parsed.select(pl.when(pl.col("fault").is_null()).then("queued_at")).to_series()
    doubtful = taken_for_first_hour(clean["vru_entry"], times, feed.time_zone)
    return replace(sort_out(table, parsed), taken_for_first_hour=doubtful)


def _parted(table: Table) -> Table:
    """The table with those rows in it that lack nothing but a tab."""
    words = pl.col("text").str.extract_all(r"[^\t ]+")
    is_whole = (words.list.len() == len(HEADER)) & (
        pl.col("text").str.count_matches("\t") == len(HEADER) - 2
    )
    joined = table.rejected.filter(is_whole)
    fields = (words.list.get(n).alias(name) for n, name in enumerate(own_names(table.header)))
    rows = pl.concat([table.rows, joined.select(*fields, "line")]).sort("line")
    return replace(table, rows=rows, rejected=table.rejected.filter(~is_whole))


def _legs(time_zone: str) -> list[pl.Expr]:
    is_handled = pl.col("outcome") == "AGENT"
    is_abandoned = (pl.col("outcome") == "HANG") & _has_queued()
    leg = pl.concat_str("vru+line", pl.lit("-"), "call_id")
    nobody = pl.lit(None, dtype=pl.String)
    customer = pl.col("customer_id")
    return [
        leg.alias("call_id"),
        leg.alias("contact_id"),
        local_to_utc(_arrival(), time_zone).alias("queued_at"),
        pl.lit("unknown").alias("queue"),
        pl.when(pl.col("type") == "").then(pl.lit("unknown")).otherwise("type").alias("reason"),
        pl.when(customer.str.contains(r"^\d*[1-9]\d*$")).then(customer).alias("customer_id"),
        pl.when(is_handled & (pl.col("server") != "NO_SERVER")).then("server").alias("agent_id"),
        pl.when(_has_queued()).then(_seconds("q_time")).otherwise(0.0).alias("wait_seconds"),
        pl.when(is_handled).then(_seconds("ser_time")).otherwise(0.0).alias("talk_seconds"),
        pl.lit(0.0).alias("hold_seconds"),
        pl.lit(0.0).alias("wrap_seconds"),
        pl.when(is_handled)
        .then(pl.lit("handled"))
        .when(is_abandoned)
        .then(pl.lit("abandoned"))
        .otherwise(pl.lit("ignored"))
        .alias("outcome"),
        pl.lit(value=False).alias("is_transferred"),
        nobody.cast(pl.Datetime("us")).alias("updated_at"),
    ]


def _has_queued() -> pl.Expr:
    never = (pl.col("q_start") == "0:00:00") & (pl.col("q_exit") == "0:00:00")
    return ~(never & (pl.col("q_time") == "0"))


def _arrival() -> pl.Expr:
    """The date is YYMMDD of the nineties; hours are not padded."""
    text = pl.concat_str(pl.lit("19"), "date", pl.lit(" "), pl.col("vru_entry").str.zfill(8))
    return text.str.to_datetime("%Y%m%d %H:%M:%S", strict=False, time_unit="us")


def _seconds(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


def _fault() -> pl.Expr:
    is_handled = pl.col("outcome") == "AGENT"
    return pl.coalesce(
        pl.when(_arrival().is_null()).then(pl.lit("date or vru_entry is not a time")),
        pl.when(_has_queued() & _seconds("q_time").is_null()).then(
            pl.lit("q_time is not a number")
        ),
        pl.when(is_handled & _seconds("ser_time").is_null()).then(
            pl.lit("ser_time is not a number")
        ),
    ).alias("fault")
