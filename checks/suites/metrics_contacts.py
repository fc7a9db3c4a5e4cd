"""metrics.contacts: offered contacts, by day, queue and reason."""

from checks.daily_metrics import adds_up_by_day, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("contacts", ("queue", "reason")),
        adds_up_by_day("every handled contact is counted",
                       "sum(denominator) filter (where metric = 'average_speed_of_answer')",
                       "count(*)", "facts.contacts", "is_handled"),
        adds_up_by_day("every abandon that was made to wait is counted",
                       "sum(denominator - numerator) filter (where metric = 'abandonment_rate')",
                       "count(*)", "facts.contacts", "outcome <> 'abandoned'"),
    ]  # fmt: skip
