"""metrics.subscribers: contacts per thousand subscribers, by day."""

from checks.daily_metrics import adds_up, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("subscribers", ()),
        adds_up("every contact of a month with subscribers is counted", "sum(numerator) / 1000",
                "select count(*) from facts.contacts where date_trunc('month', day) in"
                " (select month from staging.subscribers)"),
    ]  # fmt: skip
