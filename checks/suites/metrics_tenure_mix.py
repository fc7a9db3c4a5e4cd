"""metrics.tenure_mix: who took which contacts, by day, reason, tenure band and hire label."""

from checks.daily_metrics import BAND, adds_up_by_day
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That every answer is in it, and who is no veteran has a label."""
    return [
        unique("metric", "day", "reason", "tenure_band", "hire_label"),
        every_row("the tenure band is known", BAND),
        every_row("agents of less than 365 days have the label of their hire, and only they",
                  "coalesce(hire_label in ('replacement', 'growth', 'earlier'), false)"
                  " = (tenure_band not in ('365+', 'unknown'))"),
        adds_up_by_day("every handled leg is counted",
                       "sum(denominator) filter (where metric = 'average_handle_time')",
                       "sum(denominator)", "metrics.legs", "metric = 'average_handle_time'"),
        adds_up_by_day("every mature opener is counted",
                       "sum(denominator) filter (where metric = 'first_call_resolution')",
                       "sum(denominator)", "metrics.episodes", "metric = 'first_call_resolution'"),
    ]  # fmt: skip
