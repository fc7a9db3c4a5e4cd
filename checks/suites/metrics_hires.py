"""metrics.hires: hires of at least 90 days ago, by day of hire and provider."""

from checks.daily_metrics import adds_up, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("hires", ("provider",)),
        adds_up("every hire of at least 90 days ago is counted once", "sum(denominator)",
                "select count(distinct concat(agent_id, tenure_from)) from facts.employment"
                " where tenure_from >= (select min(day) from facts.headcount)"
                " and tenure_from <= (select as_of from ledger.build) - 90"),
    ]  # fmt: skip
