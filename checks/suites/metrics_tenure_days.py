"""metrics.tenure_days: who was there on each day of tenure, and who left on it."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That everybody is at risk once a day, and only then can leave."""
    return [
        unique("grain", "scope_kind", "scope", "tenure_days"),
        every_row("only who is there leaves", "departures <= agents and tenure_days >= 0"),
        adds_up("everybody employed is counted once",
                "sum(agents) filter (where grain = 'history' and scope_kind = 'all')",
                "select count(*) from facts.headcount"),
    ]  # fmt: skip
