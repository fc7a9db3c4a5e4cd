"""metrics.handled_contacts: handled contacts, by day and finest group."""

from checks.daily_metrics import adds_up, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("handled_contacts", ("provider", "queue", "reason", "tenure_band")),
        adds_up("every handled contact is counted",
                "sum(denominator) filter (where metric = 'handle_time_per_contact')",
                "select count(*) from facts.contacts where is_handled"),
    ]  # fmt: skip
