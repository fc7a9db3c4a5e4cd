"""metrics.contact_sums: what metrics of contacts are made of, by day and finest group."""

from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That a group is there once and its parts are no more than the whole.

    That all contacts are in it is a rule of metrics.contacts.
    """
    return [
        unique("day", "queue", "reason", "agent_id"),
        every_row("agents are pseudonyms", f"agent_id is null or {pseudonym('agent_id')}"),
        every_row("a part of the contacts is at most all of them",
                  "offered > 0 and handled + abandoned between 0 and offered"
                  " and answered_in_time between 0 and handled"
                  " and identified between 0 and handled"
                  " and abandoned_short between 0 and abandoned"),
    ]  # fmt: skip
