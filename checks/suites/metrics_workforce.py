"""metrics.workforce: agent-days and departures, by day, provider and tenure band."""

from checks.daily_metrics import adds_up_by_day, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("workforce", ("provider", "tenure_band")),
        adds_up_by_day("every agent-day is counted",
                       "sum(denominator) filter (where metric = 'agent_turnover') * 365.25",
                       "count(*)", "facts.headcount"),
        adds_up_by_day("every voluntary departure is counted",
                       "sum(numerator) filter (where metric = 'voluntary_turnover')",
                       "count(*)", "facts.headcount", "leave_reason = 'voluntary'"),
    ]  # fmt: skip
