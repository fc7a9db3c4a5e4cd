"""metrics.team_days: the team of each day, by scope."""

from checks.daily_metrics import adds_up
from checks.suites import Rule

FROZEN = "coalesce((select max(day) from metrics.frozen_team_days), date '1930-01-01')"


def rules() -> list[Rule]:
    """That everybody is counted once a day."""
    return [
        adds_up("everybody employed is counted once",
                f"sum(agents) filter (where scope_kind = 'all' and day > {FROZEN})",
                f"select count(*) from facts.headcount where day > {FROZEN}"),
    ]  # fmt: skip
