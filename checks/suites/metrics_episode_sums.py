"""metrics.episode_sums: what metrics of episodes are made of, by day and finest group."""

from checks.daily_metrics import BAND, adds_up_by_day
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That a group is there once, and all handled episodes are in them."""
    return [
        unique("day", "provider", "queue", "reason", "tenure_band", "agent_id", "is_mature",
               "is_opener", "repeated_after_days"),
        every_row("agents are pseudonyms", f"agent_id is null or {pseudonym('agent_id')}"),
        every_row("the tenure band is known", BAND),
        every_row("no episode is repeated before it was",
                  "episodes > 0 and coalesce(repeated_after_days, 0) >= 0"),
        adds_up_by_day("every handled episode is counted", "sum(episodes)",
                       "count(*)", "facts.episodes", "is_handled"),
    ]  # fmt: skip
