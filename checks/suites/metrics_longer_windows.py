"""metrics.longer_windows: handled episodes by windows of 14 and 30 days, by day and group."""

from checks.daily_metrics import daily_metrics
from checks.suites import Rule, by_day, every_row


def rules() -> list[Rule]:
    """The shape of daily metrics, and that a longer window has seen what a shorter one has."""
    return [
        *daily_metrics("longer_windows", ("provider", "queue", "reason", "tenure_band")),
        every_row("agents are added up", "agent_id is null"),
        by_day("what comes back within 14 days does within 30, of the same episodes",
               "select * from {batch} as longer inner join {batch} as shorter"
               " using (day, provider, queue, reason, tenure_band)"
               " where longer.metric = 'repeat_call_rate_30_days'"
               " and shorter.metric = 'repeat_call_rate_14_days'"
               " and (longer.numerator < shorter.numerator"
               " or longer.denominator <> shorter.denominator)"),
        by_day("openers are among the mature episodes",
               "select * from {batch} as opened inner join {batch} as mature"
               " using (day, provider, queue, reason, tenure_band)"
               " where opened.metric = 'first_call_resolution_30_days'"
               " and mature.metric = 'repeat_call_rate_30_days'"
               " and opened.denominator > mature.denominator"),
    ]  # fmt: skip
