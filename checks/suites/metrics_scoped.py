"""metrics.scoped: every metric by day, for the whole service and each of its groups."""

from checks.suites import Rule, by_day, every_row, unique

SCOPES = "('all', 'provider', 'queue', 'reason', 'tenure_band')"


def rules() -> list[Rule]:
    """That groups have names, and add up to the whole, which is what metrics.daily says."""
    return [
        unique("metric", "day", "scope_kind", "scope"),
        every_row("scopes are known and named", f"scope_kind in {SCOPES} and scope <> ''"),
        Rule("the groups of a metric add up to the whole, day by day",
             "with totals as (select metric, day, scope_kind, sum(numerator) as numerator,"
             " sum(denominator) as denominator from {batch}"
             " where day > (select as_of from ledger.build) - 28 group by all)"
             " select whole.metric from totals as whole inner join totals as parts"
             " using (metric, day) where whole.scope_kind = 'all' and parts.scope_kind <> 'all'"
             " and (parts.numerator <> whole.numerator or parts.denominator <> whole.denominator)"),
        by_day("every row of metrics.daily is in it",
               "with counted as (select metric, day, sum(numerator) as numerator,"
               " sum(denominator) as denominator from metrics.daily where {days}"
               " group by metric, day),"
               " whole as (select metric, day, sum(numerator) as numerator,"
               " sum(denominator) as denominator from {batch} where scope_kind = 'all'"
               " group by metric, day)"
               " (from counted except from whole) union all (from whole except from counted)"),
    ]  # fmt: skip
