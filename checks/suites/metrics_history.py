"""metrics.history: since when a metric has something to count, through which day it is final."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That every metric has its history, and none ends after the night."""
    return [
        unique("metric"),
        every_row("the metric is defined", "metric in (select metric from metrics.definition)"),
        every_row("nothing is final that is yet to come",
                  "final_through <= (select as_of from ledger.build)"),
    ]  # fmt: skip
