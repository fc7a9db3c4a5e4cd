"""metrics.handled_contacts: handled contacts, by day and finest group."""

from checks.daily_metrics import adds_up_by_day, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("handled_contacts", ("provider", "queue", "reason", "tenure_band")),
        adds_up_by_day("every handled contact is counted",
                       "sum(denominator) filter (where metric = 'handle_time_per_contact')",
                       "count(*)", "facts.contacts", "is_handled"),
    ]  # fmt: skip
