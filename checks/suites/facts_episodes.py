"""facts.episodes: one row per episode of an identified customer."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That every identified contact is in one episode, and that episodes do not overlap."""
    return [
        unique("episode_id"),
        adds_up("every contact with a customer is in one episode", "sum(contacts)",
                "select count(*) from facts.contacts where customer_id is not null"),
        every_row("customers are pseudonyms", pseudonym("customer_id")),
        every_row("an episode ends after it starts", "ended_at >= started_at"),
        every_row("episodes of a customer do not overlap",
                  "coalesce(seconds_since_previous, 0) >= 0 and coalesce(seconds_to_next, 0) >= 0"),
    ]  # fmt: skip
