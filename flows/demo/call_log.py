"""What the waiting line did, as the call log tells it: canonical columns, one row a call."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from flows.demo import assumptions as a
from flows.demo.calls import NOBODY, Day
from flows.demo.demand import UNIDENTIFIED
from flows.demo.people import Agent

FIRST_CUSTOMER_NUMBER = 100_000
SIMULATED = {
    "second": pl.Int64,
    "customer": pl.Int64,
    "place_of_reason": pl.Int64,
    "place_of_agent": pl.Int64,
    "wait_seconds": pl.Float64,
    "handle_seconds": pl.Float64,
}


def call_log(
    rng: np.random.Generator, days: Sequence[Day], agents: Sequence[Agent]
) -> pl.DataFrame:
    """The calls of some days in order of arrival: the columns of `calls/` in metrics.md.

    Times are local and without a zone; what there is none of (an agent, a talk) is null.
    """
    calls = pl.concat(_simulated(day) for day in days)
    is_handled = pl.col("place_of_agent") != NOBODY
    return (
        calls.with_columns(**_unseen_details(rng, calls.height))
        .with_columns(handle_seconds=pl.when(is_handled).then(pl.col("handle_seconds")))
        .select(*_identities(agents), *_durations(), *_ending(is_handled))
    )


def _simulated(day: Day) -> pl.DataFrame:
    return pl.DataFrame(day.calls, schema=SIMULATED, orient="row").with_columns(
        midnight=pl.lit(day.day).cast(pl.Datetime("us")),
        number=pl.int_range(1, len(day.calls) + 1),
    )


def _unseen_details(rng: np.random.Generator, calls: int) -> dict[str, pl.Series]:
    """What the waiting line need not know: how the handle time was spent, who was handed on."""
    is_held = rng.random(calls) < a.HELD_SHARE
    is_transferred = rng.random(calls) < a.TRANSFERRED_SHARE
    return {
        "wrap_share": pl.Series(rng.uniform(*a.WRAP_SHARES, calls)),
        "hold_share": pl.Series(rng.uniform(*a.HOLD_SHARES, calls) * is_held),
        "is_transferred": pl.Series(is_transferred),
    }


def _identities(agents: Sequence[Agent]) -> list[pl.Expr]:
    is_known = pl.col("customer") != UNIDENTIFIED
    number = pl.col("number").cast(pl.String).str.zfill(5)
    return [
        (pl.col("midnight").dt.strftime("%Y%m%d-") + number).alias("call_id"),
        (pl.col("midnight") + pl.duration(seconds="second")).alias("queued_at"),
        _named("place_of_reason", [reason.queue for reason in a.REASONS]).alias("queue"),
        _named("place_of_reason", [reason.label for reason in a.REASONS]).alias("reason"),
        pl.when(is_known).then(pl.col("customer") + FIRST_CUSTOMER_NUMBER).alias("customer_id"),
        _named("place_of_agent", [agent.agent_id for agent in agents]).alias("agent_id"),
    ]


def _named(place: str, names: Sequence[str]) -> pl.Expr:
    """The name at a place of a list; null for a place that is none."""
    places = range(len(names))
    return pl.col(place).replace_strict(places, names, default=None, return_dtype=pl.String)


def _durations() -> list[pl.Expr]:
    handle, wrap, hold = map(pl.col, ("handle_seconds", "wrap_share", "hold_share"))
    return [
        pl.col("wait_seconds"),
        (handle * (1 - wrap - hold)).alias("talk_seconds"),
        (handle * hold).alias("hold_seconds"),
        (handle * wrap).alias("wrap_seconds"),
    ]


def _ending(is_handled: pl.Expr) -> list[pl.Expr]:
    seconds = pl.col("second") + pl.col("wait_seconds") + pl.col("handle_seconds").fill_null(0)
    is_transferred = is_handled & pl.col("is_transferred")
    return [
        pl.when(is_handled).then(pl.lit("handled")).otherwise(pl.lit("abandoned")).alias("outcome"),
        pl.when(is_transferred).then(pl.lit("O")).otherwise(pl.lit("N")).alias("is_transferred"),
        (pl.col("midnight") + pl.duration(seconds=seconds.ceil())).alias("updated_at"),
    ]
