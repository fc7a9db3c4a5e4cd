"""facts.episodes: one row per episode of an identified customer."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, unique


def rules() -> list[Rule]:
    """That every identified contact is in one episode; the rest is a matter of its neighbours."""
    return [
        unique("episode_id"),
        adds_up("every contact with a customer is in one episode", "sum(contacts)",
                "select count(*) from facts.contacts where customer_id is not null"),
    ]  # fmt: skip
