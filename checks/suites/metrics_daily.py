"""metrics.daily: all metrics by day in one shape."""

from checks.daily_metrics import adds_up_by_day
from checks.suites import Rule, every_row

# Days that are not frozen: of others, not all calls are there any more.
COUNTED = "day > coalesce((select max(day) from metrics.frozen), date '1930-01-01')"


def rules() -> list[Rule]:
    """That no metric is unknown, and no row without a figure."""
    return [
        every_row("the metric is defined", "metric in (select metric from metrics.definition)"),
        every_row("every row has a figure", "numerator is not null and denominator > 0"),
        adds_up_by_day("every handled leg is in it",
                       f"sum(denominator) filter (where metric = 'average_handle_time'"
                       f" and {COUNTED})",
                       "count(*)", "facts.calls", f"is_handled and {COUNTED}"),
    ]  # fmt: skip
