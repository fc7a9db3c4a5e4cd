"""facts.headcount: one row per agent and day of employment."""

from checks.daily_metrics import TENURE_BANDS
from checks.suites import Rule, every_row, pseudonym, unique

LIMITS_DAYS = (30, 90, 180, 365)
BAND_OF = " ".join(
    f"when tenure_days < {limit} then '{band}'"
    for limit, band in zip(LIMITS_DAYS, TENURE_BANDS, strict=False)
)


def rules() -> list[Rule]:
    """That everybody is counted once a day, in the right band."""
    return [
        unique("day", "agent_id"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("the provider is given", "provider <> ''"),
        every_row("the tenure band is that of the tenure",
                  f"tenure_days >= 0 and tenure_band = case {BAND_OF} else '365+' end"),
        every_row("only who departs has a reason to", "is_departure or leave_reason is null"),
    ]  # fmt: skip
