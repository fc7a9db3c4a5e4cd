-- Grain: quantity, period (day, week or month) and scope; median and 90th percentile in seconds.
-- Why: a mean hides the customer who waited ten minutes. Longer windows would need every length
-- again every night, and say little more.
-- by: period_end
with scopes as (
    select
        quantity,
        scope_kind,
        scope,
        cast(
            row_number() over (
                order by quantity nulls last, scope_kind nulls last, scope
            ) as integer
        ) as number
    from (
        select distinct quantity, scope_kind, scope
        from metrics.durations
        union all
        select distinct quantity, 'all', 'all'
        from metrics.durations
    ) as named
),

-- There are a few scopes and grains in millions of lengths: numbers are sorted faster than names.
lengths as (
    select
        number, scopes.scope_kind in ('all', 'queue', 'reason') as has_days, day, seconds, cases
    from metrics.durations as durations
    inner join scopes using (quantity, scope_kind, scope)
    where day >= least(week_of(since()), month_of(since()))
    union all
    select number, true, day, seconds, cases
    from metrics.durations as durations
    inner join scopes on scopes.quantity = durations.quantity and scopes.scope_kind = 'all'
    where durations.scope_kind = 'queue'
        and day >= least(week_of(since()), month_of(since()))
),

in_periods as (
    select number, 1 as grain_number, day as period_start, seconds, cases
    from lengths
    where has_days
    union all
    select number, 2, week_of(day), seconds, cases
    from lengths
    where has_days
    union all
    select number, 3, month_of(day), seconds, cases
    from lengths
),

counted as (
    select number, grain_number, period_start, seconds, sum(cases) as cases
    from in_periods
    group by number, grain_number, period_start, seconds
),

placed as (
    select
        *,
        cast(
            sum(cases) over (
                partition by number, grain_number, period_start
                order by seconds
                rows between unbounded preceding and current row
            ) as bigint
        ) as upto,
        cast(
            sum(cases) over (
                partition by number, grain_number, period_start
                order by seconds
                rows between unbounded preceding and unbounded following
            ) as bigint
        ) as all_cases
    from counted
),

-- As percentile_cont has it: of n sorted cases, counted from 0, the one at 0.9 x (n - 1), or between
-- its two neighbours in proportion. In tenths, so that all is whole numbers.
found as (
    select
        number,
        grain_number,
        period_start,
        max(all_cases) as cases,
        min(case when 10 * upto > 5 * (all_cases - 1) then seconds end) as median_from,
        min(case when 10 * (upto - 1) >= 5 * (all_cases - 1) then seconds end) as median_to,
        min(case when 10 * upto > 9 * (all_cases - 1) then seconds end) as percentile_90_from,
        min(case when 10 * (upto - 1) >= 9 * (all_cases - 1) then seconds end)
            as percentile_90_to
    from placed
    group by number, grain_number, period_start
),

neighbours as (
    select
        found.*,
        quantity,
        scope_kind,
        scope,
        case grain_number when 1 then 'day' when 2 then 'week' else 'month' end as grain,
        case grain_number
            when 1 then period_start
            when 2 then add_days(period_start, 6)
            else last_day_of_month(period_start)
        end as full_end
    from found
    inner join scopes using (number)
),

figures as (
    select
        *,
        least(full_end, as_of()) as period_end,
        median_from + (median_to - median_from) * (5 * (cases - 1) % 10) / 10 as median_seconds,
        percentile_90_from
            + (percentile_90_to - percentile_90_from) * (9 * (cases - 1) % 10) / 10
            as percentile_90_seconds
    from neighbours
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
    and period_start > coalesce((select max(day) from metrics.frozen), date '1930-01-01')
union all
select
    quantity,
    grain,
    period_start,
    period_end,
    scope_kind,
    scope,
    cases,
    median_seconds,
    percentile_90_seconds,
    is_final,
    is_suppressed
from raw.frozen_quantile
where period_end >= since()
