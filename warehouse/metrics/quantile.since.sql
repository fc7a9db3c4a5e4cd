-- The earliest day of the facts it follows, or its first period that was not over, or the earlier of
-- the previous and the new as_of, where weeks and months are cut off.
select
    least(
        (
            select min(since)
            from raw.sinces
            where model in ('metrics.durations', 'metrics.fifth_agent')
        ),
        (select min(period_end) from metrics.quantile where not is_final),
        previous_as_of(),
        as_of()
    ) as since
