"""metrics.episodes: mature handled episodes, by day and finest group."""

from checks.daily_metrics import daily_metrics
from checks.suites import Rule, by_day


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("episodes", ("provider", "queue", "reason", "tenure_band")),
        by_day("openers are among the mature episodes, and these among the handled ones",
               "with mature as (select day,"
               " coalesce(sum(denominator) filter (where metric = 'first_call_resolution'), 0)"
               " as openers,"
               " coalesce(sum(denominator) filter (where metric = 'repeat_call_rate'), 0)"
               " as episodes from {batch} group by day),"
               " handled as (select day, sum(episodes) as episodes from metrics.episode_sums"
               " where {days} group by day)"
               " select day from mature left join handled using (day) where openers"
               " > mature.episodes or mature.episodes > coalesce(handled.episodes, 0)"),
    ]  # fmt: skip
