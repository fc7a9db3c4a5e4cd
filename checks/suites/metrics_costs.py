"""metrics.costs: what a contact costs, by month."""

from checks.daily_metrics import adds_up_by_day
from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That only a month whose cost is known has a figure, and that it is that cost."""
    return [
        unique("metric", "day"),
        every_row("the metric is defined as one of this table's",
                  "metric in (select metric from metrics.definition where family = 'costs')"),
        every_row("something is counted, of the whole service",
                  "denominator > 0 and coalesce(provider, queue, reason, tenure_band, agent_id)"
                  " is null"),
        Rule("a month costs what its invoices say",
             "select metric from {batch} left join facts.costs"
             " on month = date_trunc('month', day) where numerator is distinct from cost"),
        adds_up_by_day("every handled contact of a month with a cost is counted",
                       "sum(denominator) filter (where metric = 'cost_per_handled_contact')",
                       "count(*)",
                       "(select last_day(day) as day from facts.contacts where is_handled)",
                       "day in (select day from metrics.costs"
                       " where metric = 'cost_per_handled_contact')"),
    ]  # fmt: skip
