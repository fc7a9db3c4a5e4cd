"""metrics.leg_sums: what metrics of legs are made of, by day and finest group."""

from checks.daily_metrics import BAND
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That a group is there once and its parts are no more than the whole.

    That all legs are in it is a rule of metrics.legs.
    """
    return [
        unique("day", "provider", "queue", "reason", "tenure_band", "agent_id"),
        every_row("agents are pseudonyms", f"agent_id is null or {pseudonym('agent_id')}"),
        every_row("the tenure band is known", BAND),
        every_row("handling is talk, hold and wrap",
                  "handle_seconds = talk_seconds + hold_seconds + wrap_seconds"),
        every_row("a part of the legs is at most all of them",
                  "legs > 0 and transferred between 0 and legs and roster_legs between 0 and legs"
                  " and novice_legs between 0 and roster_legs"),
    ]  # fmt: skip
