-- Grain: metric, period and scope. value is always numerator / denominator.
-- Why: the one table that judgement, dashboards and people read.
-- Sums over a period are differences of running sums, which are exact: numerators and denominators
-- are decimals. Intervals and provisional figures are filled in after the models.
with history as (
    select
        definition.metric,
        definition.version,
        due.since,
        case
            when definition.family = 'workforce' then (select min(day) from facts.headcount)
            else (select min(day) from staging.calls)
        end as first_day,
        case
            when definition.family = 'episodes' then coalesce(
                (
                    select add_days(min(day), -1)
                    from facts.episodes
                    where add_days_to_time(ended_at, repeat_window_days())
                        > day_start(add_days(as_of(), 1))
                ),
                as_of()
            )
            when definition.family = 'workforce' then add_days(as_of(), -30)
            else as_of()
        end as final_through
    from metrics.definition as definition
    inner join raw.due as due using (metric)
),

scoped as (
    select metric, 'all' as scope_kind, 'all' as scope, day, numerator, denominator
    from metrics.daily
),

totals as (
    select
        metric,
        scope_kind,
        scope,
        day,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from scoped
    inner join history using (metric)
    where day >= add_days(since, -400)
    group by metric, scope_kind, scope, day
),

scopes as (
    select distinct metric, scope_kind, scope
    from totals
),

running as (
    select
        metric,
        scope_kind,
        scope,
        calendar.day,
        sum(numerator) over by_day as numerator,
        sum(denominator) over by_day as denominator,
        count(totals.day) over by_day as days
    from scopes
    inner join history using (metric)
    inner join raw.calendar as calendar
        on calendar.day >= greatest(add_days(first_day, -1), add_days(since, -401))
        and calendar.day <= as_of()
    left join totals using (metric, scope_kind, scope, day)
    window by_day as (
        partition by metric, scope_kind, scope
        order by calendar.day
        rows between unbounded preceding and current row
    )
),

ends as (
    select metric, version, first_day, final_through, calendar.day as period_end
    from history
    inner join raw.calendar as calendar
        on calendar.day >= greatest(since, first_day) and calendar.day <= as_of()
),

periods as (
    select *, 'day' as grain, period_end as period_start, period_end as full_end
    from ends
    union all
    select *, 'week', week_of(period_end), add_days(week_of(period_end), 6)
    from ends
    where period_end in (add_days(week_of(period_end), 6), as_of())
    union all
    select *, 'month', month_of(period_end), last_day_of_month(period_end)
    from ends
    where period_end in (last_day_of_month(period_end), as_of())
    union all
    select *, 'rolling_7', add_days(period_end, -6), period_end
    from ends
    where add_days(period_end, -6) >= first_day
    union all
    select *, 'rolling_28', add_days(period_end, -27), period_end
    from ends
    where add_days(period_end, -27) >= first_day
    union all
    select *, 'rolling_91', add_days(period_end, -90), period_end
    from ends
    where add_days(period_end, -90) >= first_day
    union all
    select *, 'rolling_365', add_days(period_end, -364), period_end
    from ends
    where add_days(period_end, -364) >= first_day
),

-- A week or month that began before the history has its running sum from the day before it.
sums as (
    select
        periods.metric,
        grain,
        period_start,
        period_end,
        upto.scope_kind,
        upto.scope,
        cast(coalesce(upto.numerator, 0) - coalesce(before.numerator, 0) as double) as numerator,
        cast(coalesce(upto.denominator, 0) - coalesce(before.denominator, 0) as double)
            as denominator,
        upto.days - before.days as days,
        full_end = period_end and period_end <= final_through as is_final,
        version
    from periods
    inner join running as upto
        on upto.metric = periods.metric and upto.day = period_end
    inner join running as before
        on before.metric = upto.metric
        and before.scope_kind = upto.scope_kind
        and before.scope = upto.scope
        and before.day = add_days(greatest(period_start, first_day), -1)
)

select
    metric,
    grain,
    period_start,
    period_end,
    scope_kind,
    scope,
    numerator,
    denominator,
    numerator / nullif(denominator, 0) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    cast(null as double) as provisional,
    cast(null as double) as provisional_low,
    cast(null as double) as provisional_high,
    is_final,
    false as is_suppressed,
    version as definition_version
from sums
where days > 0
