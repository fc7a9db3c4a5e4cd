-- As metrics.episode_sums, but by the windows of these metrics.
with touched as (
    select since
    from raw.sinces
    where model = 'facts.contacts'
),

reached as (
    select
        metric,
        min(day) as first_day
    from metrics.definition
    cross join touched
    inner join facts.day_ends
        on last_end >= add_days_to_time(day_start(since), 1 - lag_days)
    where family = 'longer_windows'
    group by metric
)

select
    definition.metric,
    least(touched.since, first_day, staff.since) as since
from metrics.definition
cross join touched
inner join raw.sinces as staff on staff.model = 'facts.headcount'
left join reached on reached.metric = definition.metric
where family = 'longer_windows'
