"""metrics.team_days: the team of each day, by scope."""

from checks.daily_metrics import adds_up
from checks.suites import Rule


def rules() -> list[Rule]:
    """That everybody is counted once a day."""
    return [
        adds_up("everybody employed is counted once",
                "sum(agents) filter (where scope_kind = 'all')",
                "select count(*) from facts.headcount"),
    ]  # fmt: skip
