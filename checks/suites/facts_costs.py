"""facts.costs: one row per month, and whether its cost is known."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That a month has a cost if and only if it was invoiced, and a sensible one."""
    return [
        unique("month"),
        every_row("a month has a cost when it is invoiced, and only then",
                  "(state = 'invoiced') = (cost is not null)"),
        every_row("credit notes are no more than what was billed",
                  "cost is null or cost >= 0", "warning"),
    ]  # fmt: skip
