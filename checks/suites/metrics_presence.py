"""metrics.presence: on which agents a group rests, by day."""

from checks.suites import Rule, by_day, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That agents are pseudonyms, groups have names, and nobody at work is missing."""
    return [
        unique("base", "day", "scope_kind", "scope", "agent_id"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("base and scope are given", "base in ('calls', 'workforce') and scope <> ''"),
        by_day("everybody on the roster is in it",
               "select day, agent_id from facts.headcount where {days}"
               " except select day, agent_id from {batch} where base = 'workforce'"),
        by_day("every agent who handled a leg is in it",
               "select day, agent_id from metrics.legs where agent_id is not null and {days}"
               " except select day, agent_id from {batch} where base = 'calls'"),
    ]  # fmt: skip
