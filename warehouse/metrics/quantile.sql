-- Grain: quantity, period (day, week or month) and scope; median and 90th percentile in seconds.
-- Why: a mean hides the customer who waited ten minutes. Longer windows would need every call
-- again every night, and say little more.
-- by: period_end
with seconds as (
    select
        'handle_time' as quantity, day, provider, queue, reason, tenure_band,
        cast(handle_seconds as double) as seconds
    from facts.calls
    where is_handled
        and day >= least(week_of(since()), month_of(since()))
    union all
    select
        'wait', day, cast(null as string), queue, reason, cast(null as string),
        cast(wait_seconds as double)
    from facts.contacts
    where is_handled
        and day >= least(week_of(since()), month_of(since()))
),

scoped as (
    select quantity, day, seconds, 'all' as scope_kind, 'all' as scope
    from seconds
    union all
    select quantity, day, seconds, 'provider', provider
    from seconds
    where provider is not null
    union all
    select quantity, day, seconds, 'queue', queue
    from seconds
    union all
    select quantity, day, seconds, 'reason', reason
    from seconds
    union all
    select
        quantity,
        day,
        seconds,
        'tenure_band',
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else tenure_band
        end
    from seconds
    where tenure_band is not null
),

in_periods as (
    select *, 'day' as grain, day as period_start, day as full_end
    from scoped
    where scope_kind in ('all', 'queue', 'reason')
    union all
    select *, 'week', week_of(day), add_days(week_of(day), 6)
    from scoped
    where scope_kind in ('all', 'queue', 'reason')
    union all
    select *, 'month', month_of(day), last_day_of_month(day)
    from scoped
),

figures as (
    select
        quantity,
        grain,
        period_start,
        full_end,
        least(full_end, as_of()) as period_end,
        scope_kind,
        scope,
        cast(count(*) as bigint) as cases,
        percentile_cont(0.5) within group (order by seconds) as median_seconds,
        percentile_cont(0.9) within group (order by seconds) as percentile_90_seconds
    from in_periods
    group by quantity, grain, period_start, full_end, scope_kind, scope
),

closed as (
    select
        figures.*,
        period.is_suppressed
    from figures
    inner join metrics.period as period
        on period.metric = case
            when quantity = 'wait' then 'average_speed_of_answer' else 'average_handle_time'
        end
        and period.grain = figures.grain
        and period.period_end = figures.period_end
        and period.scope_kind = figures.scope_kind
        and period.scope = figures.scope
)

select
    quantity,
    grain,
    period_start,
    period_end,
    scope_kind,
    scope,
    case when not is_suppressed then cases end as cases,
    case when not is_suppressed then median_seconds end as median_seconds,
    case when not is_suppressed then percentile_90_seconds end as percentile_90_seconds,
    full_end = period_end as is_final,
    is_suppressed
from closed
where period_end >= since()
