"""metrics.training: what is invested in people, and what left with them."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That every training is in one month, and no more is lost than was spent."""
    return [
        unique("grain", "period_end", "scope_kind", "scope"),
        every_row("figures are no less than nothing",
                  "hours >= 0 and cost >= 0 and (sunk_cost is null or sunk_cost >= 0)"),
        every_row("what few took with them is closed",
                  "departures not in (1, 2, 3, 4) or sunk_cost is null"),
        adds_up("every training is counted", "sum(cost) filter (where grain = 'month')",
                "select sum(cost) from staging.training"),
    ]  # fmt: skip
