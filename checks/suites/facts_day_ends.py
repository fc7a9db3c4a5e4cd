"""facts.day_ends: one row per local day: when the last that began on it ended."""

from checks.suites import Rule, by_day, every_row, unique


def rules() -> list[Rule]:
    """That no day is there twice, and all contacts are over when it says."""
    return [
        unique("day"),
        every_row("nothing ends before its day", "last_end >= cast(day as timestamp) - to_days(1)"),
        by_day("every episode is over when its day is said to be",
               "select day from (select day, ended_at from facts.contacts_with_neighbours"
               " where {days} union all select day, ended_at from staging.calls"
               " where {days} and customer_id is not null and outcome <> 'ignored')"
               " left join {batch} as day_ends using (day)"
               " where not coalesce(ended_at <= last_end, false)"),
    ]  # fmt: skip
