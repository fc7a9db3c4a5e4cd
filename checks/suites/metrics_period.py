"""metrics.period: one row per metric, period and scope, as everybody reads it."""

from checks.suites import Rule, every_row, unique

# A repeat rate over another population is another metric: FCR knows identified customers only.
MOST_IDENTIFIED_MOVES = 0.10


def rules() -> list[Rule]:
    """That figures are what their parts say, closed groups are closed, and FCR is comparable."""
    return [
        unique("metric", "grain", "period_end", "scope_kind", "scope"),
        every_row("a figure is its numerator over its denominator",
                  "is_suppressed or denominator = 0 or value = numerator / denominator"),
        every_row("a closed group has no figure",
                  "not is_suppressed or (numerator is null and denominator is null"
                  " and value is null and low is null and high is null)"),
        every_row("a period ends after it begins", "period_end >= period_start"),
        every_row("an interval holds its figure",
                  "low is null or (low <= value + 1e-9 and value <= high + 1e-9)"),
        Rule("the share of identified customers moves by less than 10 points in four weeks",
             "select now.period_end from {batch} as now inner join {batch} as before"
             " on before.metric = now.metric and before.grain = now.grain"
             " and before.scope_kind = now.scope_kind and before.period_end = now.period_end - 28"
             " where now.metric = 'identified_share' and now.grain = 'rolling_28'"
             " and now.scope_kind = 'all' and now.period_end = (select as_of from ledger.build)"
             f" and abs(now.value - before.value) > {MOST_IDENTIFIED_MOVES}", "warning"),
    ]  # fmt: skip
