"""staging.queue_legs: one row per leg assembled from events, with the rules of delivered legs."""

from checks.suites import Rule, as_loaded, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """What holds of a leg that was delivered whole holds of one that was assembled."""
    return [
        *as_loaded("calls", has_file=True),
        unique("call_id"),
        every_row("identities are pseudonyms",
                  f"(agent_id is null or {pseudonym('agent_id')})"
                  f" and (customer_id is null or {pseudonym('customer_id')})"),
        Rule("every leg comes from a visit",
             "select call_id from {batch} where contact_id not in"
             " (select call_id from staging.queue_visits)"),
    ]  # fmt: skip
