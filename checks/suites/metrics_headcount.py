"""metrics.headcount: the team by period and scope."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, unique

FROZEN = "coalesce((select max(day) from metrics.frozen_team_days), date '1930-01-01')"


def rules() -> list[Rule]:
    """That a team is no larger than its days, and closed groups are closed."""
    return [
        unique("grain", "period_end", "scope_kind", "scope"),
        every_row("nobody is there without a day",
                  "is_suppressed or (headcount <= agent_days and novice_agent_days <= agent_days)"),
        every_row("a closed group has no figure",
                  "not is_suppressed or coalesce(headcount, agent_days, novice_agent_days,"
                  " replacement_hires, growth_hires, departures, mean_tenure_days) is null"),
        adds_up("everybody who left is counted",
                "sum(departures) filter (where grain = 'day' and scope_kind = 'all'"
                f" and period_end > {FROZEN})",
                "select count(*) from facts.departures"
                f" where day >= (select min(day) from facts.headcount) and day > {FROZEN}"),
    ]  # fmt: skip
