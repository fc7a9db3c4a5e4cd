"""metrics.legs: handled legs, by day and finest group."""

from checks.daily_metrics import adds_up, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("legs", ("provider", "queue", "reason", "tenure_band")),
        adds_up("every handled leg is counted",
                "sum(denominator) filter (where metric = 'average_handle_time')",
                "select count(*) from facts.calls where is_handled"),
        adds_up("handling adds up over legs",
                "sum(numerator) filter (where metric = 'average_handle_time')",
                "select sum(handle_seconds) from facts.calls where is_handled"),
    ]  # fmt: skip
