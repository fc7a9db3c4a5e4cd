"""metrics.period: one row per metric, period and scope, as everybody reads it."""

from checks.suites import Rule, by_day, every_row, unique

# A repeat rate over another population is another metric: FCR knows identified customers only. Four
# weeks are compared with the quarter before them (four weeks of it at least), of which they are no
# part: a step stays visible for three months, and a slow drift adds up.
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
        every_row("the definition is tonight's",
                  "concat(metric, definition_version) in"
                  " (select concat(metric, version) from metrics.definition)"),
        by_day("the groups of a metric add up to the whole",
               "with totals as (select metric, grain, period_end, scope_kind,"
               " sum(numerator) as numerator, sum(denominator) as denominator,"
               " bool_or(is_suppressed) as is_closed from {batch} group by all)"
               " select whole.metric from totals as whole inner join totals as parts"
               " using (metric, grain, period_end) where whole.scope_kind = 'all'"
               " and parts.scope_kind <> 'all' and not parts.is_closed"
               " and (abs(parts.numerator - whole.numerator) > 1e-6 * greatest(1, whole.numerator)"
               " or abs(parts.denominator - whole.denominator) > 1e-6 * whole.denominator)"),
        by_day("a day's figure adds up over its rows",
               "select days.metric from {batch} as days left join"
               " (select metric, day, sum(numerator)::double as numerator,"
               " sum(denominator)::double as denominator from metrics.daily where {days}"
               " group by all) as rows"
               " on rows.metric = days.metric and rows.day = days.period_end"
               " where days.grain = 'day' and days.scope_kind = 'all'"
               " and not (abs(coalesce(rows.numerator, 0) - days.numerator)"
               " <= 1e-6 * greatest(1, days.numerator)"
               " and abs(coalesce(rows.denominator, 0) - days.denominator)"
               " <= 1e-6 * days.denominator)"),
        Rule("the share of identified customers is within 10 points of the 91 days before",
             "with shares as (select period_end, numerator, denominator,"
             " (select as_of from ledger.build) - period_end as age from {batch}"
             " where metric = 'identified_share' and grain = 'day' and scope_kind = 'all'),"
             " past as (select sum(numerator) / nullif(sum(denominator), 0) as share from shares"
             " where age >= 28 and age < 28 + 91 having max(age) >= 28 + 27),"
             " recent as (select sum(numerator) / nullif(sum(denominator), 0) as share from shares"
             " where age < 28)"
             " select recent.share, past.share from recent cross join past"
             f" where abs(recent.share - past.share) > {MOST_IDENTIFIED_MOVES}", "warning"),
    ]  # fmt: skip
