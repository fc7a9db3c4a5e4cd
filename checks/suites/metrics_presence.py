"""metrics.presence: on which agents a group rests, by day."""

from checks.suites import Rule, every_row, pseudonym


def rules() -> list[Rule]:
    """That agents are pseudonyms and groups have names."""
    return [
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("base and scope are given", "base in ('calls', 'workforce') and scope <> ''"),
    ]
