"""metrics.survival: the share still there, by window, scope and day of tenure."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That a curve rests on five or more, and lies in its band."""
    return [
        unique("grain", "scope_kind", "scope", "tenure_days"),
        every_row("five or more are at risk", "at_risk >= 5 and departures <= at_risk"),
        every_row("a curve lies in its band",
                  "low is null or (low <= survival and survival <= high)"),
    ]  # fmt: skip
