"""metrics.movements: hires and departures by reason, period and scope."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That everybody is counted under one reason."""
    return [
        unique("grain", "period_end", "scope_kind", "scope", "movement", "reason"),
        every_row("somebody moved", "people > 0 and movement in ('hire', 'departure')"),
        adds_up("everybody who left did so for one reason",
                "sum(people) filter (where grain = 'month' and scope_kind = 'all'"
                " and movement = 'departure')",
                "select sum(departures) from metrics.headcount"
                " where grain = 'month' and scope_kind = 'all'"),
    ]  # fmt: skip
