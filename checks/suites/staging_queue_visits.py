"""staging.queue_visits: one row per stay of a call in a queue."""

from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That visits of a call are numbered, and that times come in their order."""
    return [
        unique("call_id", "visit"),
        every_row("a visit has a day and a number from 1 on", "day is not null and visit >= 1"),
        every_row("identities are pseudonyms",
                  f"(agent_id is null or {pseudonym('agent_id')})"
                  f" and (customer_id is null or {pseudonym('customer_id')})"),
        every_row("a visit ends after it began, but for the seconds logs differ by",
                  "began_at is null or ended_at is null"
                  " or ended_at >= began_at - interval 3 second", "warning"),
    ]  # fmt: skip
