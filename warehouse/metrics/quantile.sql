-- Grain: quantity, period (day, week or month) and scope; median and 90th percentile in seconds.
-- Why: a mean hides the customer who waited ten minutes. Longer windows would need every length
-- again every night, and say little more.
-- by: period_end

-- Lengths are first counted in buckets of 32 seconds, which tell where a median lies; only the lengths
-- in its own are sorted. Wider buckets would hold most of the waits, narrower ones would be as many
-- as the lengths.
with by_day as (
    select
        quantity,
        scope_kind,
        scope,
        day,
        seconds - seconds % 32 as bucket,
        cast(sum(cases) as bigint) as cases
    from metrics.durations
    where day >= least(week_of(since()), month_of(since()))
    group by quantity, scope_kind, scope, day, seconds - seconds % 32
),

by_scope as (
    select *, scope_kind as part_kind, scope as part
    from by_day
    union all
    select quantity, 'all', 'all', day, bucket, cases, scope_kind, scope
    from by_day
    where scope_kind = 'queue'
),

in_periods as (
    select *, 'day' as grain, day as period_start
    from by_scope
    where scope_kind in ('all', 'queue', 'reason')
        and day >= since()
    union all
    select *, 'week', week_of(day)
    from by_scope
    where scope_kind in ('all', 'queue', 'reason')
        and day >= week_of(since())
    union all
    select *, 'month', month_of(day)
    from by_scope
    where day >= month_of(since())
),

counted as (
    select
        quantity,
        scope_kind,
        scope,
        grain,
        period_start,
        bucket,
        cast(sum(cases) as bigint) as cases
    from in_periods
    group by quantity, scope_kind, scope, grain, period_start, bucket
),

buckets as (
    select
        *,
        cast(
            sum(cases) over (
                partition by quantity, scope_kind, scope, grain, period_start
                order by bucket nulls last
                rows between unbounded preceding and current row
            ) as bigint
        ) as upto,
        cast(
            sum(cases) over (partition by quantity, scope_kind, scope, grain, period_start)
            as bigint
        ) as all_cases
    from counted
),

-- As percentile_cont has it: of n sorted cases, counted from 0, the one at 0.9 x (n - 1), or between
-- its two neighbours in proportion. In tenths, so that all is whole numbers. Wanted is what holds them.
wanted as (
    select
        *,
        row_number() over (
            order by
                quantity nulls last,
                scope_kind nulls last,
                scope,
                grain nulls last,
                period_start nulls last,
                bucket nulls last
        ) as number
    from buckets
    where (
            10 * upto > 5 * (all_cases - 1)
            and 10 * (upto - cases - 1) < 5 * (all_cases - 1)
        )
        or (
            10 * upto > 9 * (all_cases - 1)
            and 10 * (upto - cases - 1) < 9 * (all_cases - 1)
        )
),

-- Where the lengths of those buckets are; those of all stand with the queues.
parts as (
    select number, quantity, part_kind, part, day, bucket
    from in_periods
    inner join wanted using (quantity, scope_kind, scope, grain, period_start, bucket)
),

lengths as (
    select number, seconds, cast(sum(cases) as bigint) as cases
    from metrics.durations as durations
    inner join parts
        on parts.quantity = durations.quantity
        and parts.part_kind = durations.scope_kind
        and parts.part = durations.scope
        and parts.day = durations.day
        and parts.bucket = durations.seconds - durations.seconds % 32
    where durations.day >= least(week_of(since()), month_of(since()))
    group by number, seconds
),

placed as (
    select
        quantity,
        scope_kind,
        scope,
        grain,
        period_start,
        all_cases,
        seconds,
        upto - wanted.cases + cast(
            sum(lengths.cases) over (
                partition by number
                order by seconds
                rows between unbounded preceding and current row
            ) as bigint
        ) as upto
    from lengths
    inner join wanted using (number)
),

found as (
    select
        quantity,
        scope_kind,
        scope,
        grain,
        period_start,
        max(all_cases) as cases,
        min(case when 10 * upto > 5 * (all_cases - 1) then seconds end) as median_from,
        min(case when 10 * (upto - 1) >= 5 * (all_cases - 1) then seconds end) as median_to,
        min(case when 10 * upto > 9 * (all_cases - 1) then seconds end) as percentile_90_from,
        min(case when 10 * (upto - 1) >= 9 * (all_cases - 1) then seconds end)
            as percentile_90_to
    from placed
    group by quantity, scope_kind, scope, grain, period_start
),

neighbours as (
    select
        *,
        case grain
            when 'day' then period_start
            when 'week' then add_days(period_start, 6)
            else last_day_of_month(period_start)
        end as full_end
    from found
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
