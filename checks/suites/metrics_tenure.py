"""metrics.tenure: how long people stay, by window and scope."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That closed groups are closed, and bounds hold their figures."""
    return [
        unique("grain", "scope_kind", "scope"),
        every_row("a closed group has no figure",
                  "not is_suppressed or coalesce(agents, departures, agent_days,"
                  " novice_agent_days, median_days, settled_novice_share, rate_novice_share)"
                  " is null"),
        every_row("bounds hold their figure",
                  # Before half of them have left, there is a lower bound and no median yet.
                  "(median_low is null or median_days is null or median_low <= median_days)"
                  " and (settled_low is null"
                  " or settled_novice_share between settled_low and settled_high)"
                  " and (rate_low is null or rate_novice_share between rate_low and rate_high)"),
    ]  # fmt: skip
