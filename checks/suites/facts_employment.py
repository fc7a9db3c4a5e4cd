"""facts.employment: one row per spell that has begun."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That no spell is lost, and that tenure and departures are what spells say."""
    return [
        unique("agent_id", "hired_on"),
        adds_up("there are as many spells as have begun", "count(*)",
                "select count(*) from staging.employment"
                " where hired_on <= (select as_of from ledger.build)"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("tenure counts from this spell or one before it", "tenure_from <= hired_on"),
        every_row("who departed has a last day", "not is_departure or left_on >= hired_on"),
    ]  # fmt: skip
