"""metrics.frozen_team_days: the team by day, of days whose calls are gone."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That each day is there once, with a team that may be."""
    return [
        unique("day", "scope_kind", "scope"),
        every_row("a team has somebody, and no more novices than people",
                  "agents > 0 and novices between 0 and agents and tenure_days >= 0"),
    ]  # fmt: skip
