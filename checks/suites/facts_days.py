"""facts.days: one row per local day: did the calls come, and as many as usual?"""

from checks.suites import Rule, every_row, unique

# Of the days that norms look back on most; what is older has had its say.
RECENT = "day > (select as_of from ledger.build) - 28"


def rules() -> list[Rule]:
    """That no day is left out, and whether each of the last 28 has its calls."""
    return [
        unique("day"),
        Rule("days follow each other up to the night's",
             "select 1 from {batch} having count(*) > 0 and"
             " (max(day) <> (select as_of from ledger.build)"
             " or count(*) <> max(day) - min(day) + 1)"),
        every_row("a day has calls where its weekday has", f"not is_missing or not ({RECENT})",
                  "warning"),
        every_row("a day has between half and twice the calls of its weekday",
                  f"not is_unusual or not ({RECENT})", "warning"),
    ]  # fmt: skip
