"""facts.day_ends: one row per local day: when the last that began on it ended."""

from checks.suites import Rule, by_day, every_row, unique


def rules() -> list[Rule]:
    """That no day is there twice, and all contacts are over when it says."""
    return [
        unique("day"),
        every_row("nothing ends before its day", "last_end >= cast(day as timestamp) - to_days(1)"),
        by_day("every episode is over when its day is said to be",
               "select episode_id from facts.episodes left join {batch} as day_ends using (day)"
               " where {days} and not coalesce(ended_at <= last_end, false)"),
    ]  # fmt: skip
