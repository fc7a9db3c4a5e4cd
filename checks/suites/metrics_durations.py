"""metrics.durations: how many legs and contacts of a day took exactly so long."""

from checks.daily_metrics import adds_up_by_day
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That every handled leg and contact is counted in its queue, and again in its reason."""
    cases = "sum(cases) filter (where quantity = '{}' and scope_kind = '{}')"
    legs = ("count(*)", "facts.calls", "is_handled")
    contacts = ("count(*)", "facts.contacts", "is_handled")
    return [
        unique("quantity", "day", "scope_kind", "scope", "seconds"),
        every_row("lengths are not negative, and something took so long",
                  "seconds >= 0 and cases > 0"),
        adds_up_by_day("every handled leg is counted by queue",
                       cases.format("handle_time", "queue"), *legs),
        adds_up_by_day("every handled leg is counted by tenure band",
                       cases.format("handle_time", "tenure_band"), *legs),
        adds_up_by_day("every wait is counted by queue", cases.format("wait", "queue"), *contacts),
        adds_up_by_day("every wait is counted by reason",
                       cases.format("wait", "reason"), *contacts),
    ]  # fmt: skip
