"""metrics.legs: handled legs, by day and finest group."""

from checks.daily_metrics import adds_up_by_day, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("legs", ("provider", "queue", "reason", "tenure_band")),
        adds_up_by_day("every handled leg is counted",
                       "sum(denominator) filter (where metric = 'average_handle_time')",
                       "count(*)", "facts.calls", "is_handled"),
        adds_up_by_day("handling adds up over legs",
                       "sum(numerator) filter (where metric = 'average_handle_time')",
                       "sum(handle_seconds)", "facts.calls", "is_handled"),
    ]  # fmt: skip
