"""metrics.moves: hires and departures by day."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row

LIVE = (
    "day >= (select min(day) from facts.headcount)"
    " and day > coalesce((select max(day) from metrics.frozen_team_days), date '1930-01-01')"
)


def rules() -> list[Rule]:
    """That everybody who came or went is counted once."""
    return [
        every_row("somebody moved", "people > 0 and movement in ('hire', 'departure')"),
        adds_up("every hire and departure is counted once",
                f"sum(people) filter (where scope_kind = 'all' and {LIVE})",
                f"select (select count(*) from facts.hires where {LIVE})"
                f" + (select count(*) from facts.departures where {LIVE})"),
    ]  # fmt: skip
