"""facts.calls: the legs that were queued or handled, with what is known of their agents."""

from checks.daily_metrics import BAND, adds_up_by_day
from checks.suites import Rule, every_row


def rules() -> list[Rule]:
    """That joining the roster neither loses a leg nor makes two of it."""
    return [
        adds_up_by_day("there are as many legs as in staging, without those ignored", "count(*)",
                       "count(*)", "staging.calls", "outcome <> 'ignored'"),
        every_row("provider and tenure band are given", f"provider <> '' and {BAND}"),
        every_row("handling is talk, hold and wrap",
                  "handle_seconds = talk_seconds + hold_seconds + wrap_seconds"),
    ]  # fmt: skip
