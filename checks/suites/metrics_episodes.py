"""metrics.episodes: mature handled episodes, by day and finest group."""

from checks.daily_metrics import daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("episodes", ("provider", "queue", "reason", "tenure_band")),
        Rule("openers are among the mature episodes, and these among the handled ones",
             "select openers from (select"
             " coalesce(sum(denominator) filter (where metric = 'first_call_resolution'), 0)"
             " as openers,"
             " coalesce(sum(denominator) filter (where metric = 'repeat_call_rate'), 0)"
             " as episodes from {batch}) where openers > episodes or episodes >"
             " (select coalesce(sum(episodes), 0) from metrics.episode_sums)"),
    ]  # fmt: skip
