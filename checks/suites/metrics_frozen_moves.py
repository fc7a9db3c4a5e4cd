"""metrics.frozen_moves: hires and departures by day, of days whose calls are gone."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That each is there once."""
    return [
        unique("day", "scope_kind", "scope", "movement", "reason"),
        every_row("somebody moved", "people > 0 and movement in ('hire', 'departure')"),
    ]
