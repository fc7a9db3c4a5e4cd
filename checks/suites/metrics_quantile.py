"""metrics.quantile: medians and 90th percentiles, by period and scope."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That the 90th percentile is no less than the median, and closed groups are closed."""
    return [
        unique("quantity", "grain", "period_end", "scope_kind", "scope"),
        every_row("a median is at most the 90th percentile, and neither below zero",
                  "is_suppressed or (median_seconds >= 0"
                  " and percentile_90_seconds >= median_seconds and cases > 0)"),
        every_row("a closed group has no figure",
                  "not is_suppressed or (cases is null and median_seconds is null"
                  " and percentile_90_seconds is null)"),
        every_row("a period ends after it begins", "period_end >= period_start"),
    ]  # fmt: skip
