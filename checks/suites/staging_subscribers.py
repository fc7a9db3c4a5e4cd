"""staging.subscribers: one row per month, each as the loader let it in."""

from checks.suites import Rule, as_loaded, every_row, unique

MOST_CHANGE = 0.2  # of the month before: more is another way of counting, not another market


def rules() -> list[Rule]:
    """The loader's own rules again, and that one month is like the next."""
    return [
        *as_loaded("customers"),
        unique("month"),
        every_row("a month is its first day", "month = date_trunc('month', month)"),
        Rule("subscribers move by less than a fifth in a month",
             "select now.month from {batch} as now inner join {batch} as before"
             " on before.month = now.month - interval 1 month"
             " where abs(now.subscribers - before.subscribers)"
             f" > {MOST_CHANGE} * before.subscribers", "warning"),
        Rule("no month has more customers calling than subscribers",
             # To tell customers apart takes long: only where there are as many calls.
             "with busy as (select month, subscribers from {batch} inner join"
             " (select date_trunc('month', day) as month, count(customer_id) as calls"
             " from staging.calls group by 1) using (month) where calls > subscribers)"
             " select month from busy inner join (select date_trunc('month', day) as month,"
             " count(distinct customer_id) as customers from staging.calls"
             " where date_trunc('month', day) in (select month from busy) group by 1)"
             " using (month) where customers > subscribers", "warning"),
    ]  # fmt: skip
