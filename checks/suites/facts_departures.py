"""facts.departures: one row per departure."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That nobody leaves twice, and nobody who stays."""
    return [
        unique("day", "agent_id"),
        adds_up("everybody who departed is here", "count(*)",
                "select count(*) from facts.employment where is_departure"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("who departs was hired before, and has a reason",
                  "tenure_days >= 0 and leave_reason <> ''"),
    ]  # fmt: skip
