"""Made-up calls, skewed like traffic: busy hours, quiet Sundays, heavy callers, skills of agents.

A day has its own seed, so day n is the same whatever else is made, and one more night is the next.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
ROWS_A_DAY = 30_000
SEED = 1999

HOURS = np.array(
    [1, 1, 1, 1, 1, 2, 4, 12, 35, 60, 70, 62, 45, 40, 55, 58, 55, 50, 38, 24, 14, 8, 4, 2]
)
WEEK = np.array([1.25, 1.1, 1.0, 1.0, 1.05, 0.5, 0.2])  # from Monday on
QUEUES = np.array(["internet", "television", "billing", "moving", "sales"])
REASONS = np.array(
    ["line_down", "slow", "invoice", "password", "modem", "channel", "move", "cancel", "contract",
     "email", "complaint", "unknown"]
)  # fmt: skip
AGENTS = 400
CUSTOMERS = 1_500_000
SHARE_IDENTIFIED = 0.9
SHARE_TRANSFERRED = 0.05  # a second leg follows
ENDURANCE_SECONDS = 240.0  # a caller waits that long on average before giving up


def write_calls(path: Path, rows: int, first_day: int = 0) -> int:
    """Write calls from day `first_day` on as canonical CSV; return how many days they took."""
    written = 0
    day = first_day
    with path.open("wb") as file:
        while written < rows:
            calls = _legs(day).head(rows - written)
            calls.write_csv(file, include_header=written == 0)
            written += calls.height
            day += 1
    return day - first_day


def _legs(day: int) -> pl.DataFrame:
    """The legs of one day in the order of their arrival."""
    rng = np.random.default_rng([SEED, day])
    midnight = FIRST_DAY + timedelta(days=day)
    rows = int(ROWS_A_DAY * WEEK[midnight.weekday()] / WEEK.mean())
    hour = rng.choice(24, rows, p=HOURS / HOURS.sum())
    second = np.sort(hour * 3600 + rng.integers(0, 3600, rows))
    queue = rng.choice(5, rows, p=[0.45, 0.25, 0.15, 0.1, 0.05])
    reason = np.minimum((12 * rng.random(rows) ** 2).astype(int), 11)
    # Few call often: the cube of a uniform number crowds at its low end.
    customer = (CUSTOMERS * rng.random(rows) ** 3).astype(int)
    wait = (rng.exponential(12, rows) * (1 + 4 * HOURS[second // 3600] / HOURS.max())).astype(int)
    is_handled = rng.exponential(ENDURANCE_SECONDS, rows) > wait
    # Each queue has its agents; an agent is busy with half of the reasons only.
    agent = (queue * AGENTS // 5) + (rng.integers(0, AGENTS // 10, rows) * 2 + reason % 2)
    is_second = is_handled & np.roll(is_handled, 1) & (rng.random(rows) < SHARE_TRANSFERRED)
    is_second[0] = False
    is_second &= ~np.roll(is_second, 1)
    customer = np.where(is_second, np.roll(customer, 1), customer)
    number = day * 1_000_000 + np.arange(rows)
    queued_at = pl.Series(second, dtype=pl.Int64) * 1_000_000 + int(midnight.timestamp() * 1e6)
    talk, hold, wrap = (
        np.where(is_handled, rng.lognormal(mean, 0.8, rows), 0).astype(int)
        for mean in (5.2, 2.0, 3.2)
    )
    length = pl.Series(wait + talk + hold + wrap, dtype=pl.Int64) * 1_000_000
    return pl.DataFrame(
        {
            "call_id": pl.Series(number, dtype=pl.Int64),
            "contact_id": np.where(is_second, number - 1, number),
            "queued_at": queued_at.cast(pl.Datetime("us")),
            "queue": QUEUES[queue],
            "reason": REASONS[reason],
            "customer_id": pl.Series(customer + 10_000_000).cast(pl.String),
            "agent_id": pl.Series(agent + 1000).cast(pl.String),
            "wait_seconds": wait,
            "talk_seconds": talk,
            "hold_seconds": hold,
            "wrap_seconds": wrap,
            "outcome": np.where(is_handled, "handled", "abandoned"),
            "is_transferred": np.roll(is_second, -1),
            "updated_at": (queued_at + length).cast(pl.Datetime("us")),
        }
    ).with_columns(
        pl.col("queued_at", "updated_at").dt.to_string("%Y-%m-%dT%H:%M:%SZ"),
        pl.when(pl.Series(rng.random(rows) < SHARE_IDENTIFIED)).then("customer_id"),
        pl.when(pl.col("outcome") == "handled").then("agent_id"),
        pl.format("C{}", pl.col("call_id")).alias("call_id"),
        pl.format("K{}", pl.col("contact_id")).alias("contact_id"),
    )
