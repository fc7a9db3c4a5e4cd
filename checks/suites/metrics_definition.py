"""metrics.definition: one row per metric, as it is defined tonight."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That a metric is defined once, and its version can be told."""
    return [
        unique("metric"),
        every_row("the kind is known", "kind in ('mean', 'proportion', 'rate', 'cohort', 'month')"),
        every_row("formula and version are given", "formula <> '' and length(version) = 12"),
    ]
