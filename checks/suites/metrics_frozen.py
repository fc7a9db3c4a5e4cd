"""metrics.frozen: aggregates by day that outlive their calls."""

from checks.daily_metrics import BAND
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That each is there once, of a metric that is still known."""
    return [
        unique("metric", "day", "provider", "queue", "reason", "tenure_band"),
        every_row("the metric is defined", "metric in (select metric from metrics.definition)"),
        every_row("every row has a figure", "numerator is not null and denominator > 0"),
        every_row("the tenure band is known", f"tenure_band is null or {BAND}"),
    ]
