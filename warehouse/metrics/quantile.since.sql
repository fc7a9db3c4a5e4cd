-- The earliest day of the facts it follows, or its first period that was not over.
select
    least(
        (
            select min(since)
            from raw.sinces
            where model in ('facts.contacts', 'metrics.legs', 'metrics.fifth_agent')
        ),
        (select min(period_end) from metrics.quantile where not is_final)
    ) as since
