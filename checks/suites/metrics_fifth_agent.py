"""metrics.fifth_agent: since when five agents have been at work in a group."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That a group is never taken for larger than it is."""
    return [
        unique("base", "scope_kind", "scope", "day"),
        every_row("five were seen by the day, within a year",
                  "five_seen_since <= day and five_seen_since > day - 365"),
        Rule("on its own day a group has the five agents that it is said to have",
             "select five.scope from {batch} as five inner join metrics.presence as agents"
             " using (base, scope_kind, scope, day)"
             " where five.day > (select as_of from ledger.build) - 28"
             " and five_seen_since = five.day"
             " group by five.base, five.scope_kind, five.scope, five.day"
             " having count(distinct agents.agent_id) < 5"),
    ]  # fmt: skip
