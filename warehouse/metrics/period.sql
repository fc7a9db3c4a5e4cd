-- Grain: metric, period and scope. value is always numerator / denominator.
-- Why: the one table that judgement, dashboards and people read. Sums over a period are differences
-- of running sums, which are exact: numerators and denominators are decimals (a digit short of the
-- most, which a difference needs). Intervals and provisional figures are filled in after the models.
-- by: period_end
with history as (
    select history.*, due.since
    from metrics.history as history
    inner join raw.due as due on due.metric = history.metric and due.model = 'metrics.period'
),

totals as (
    select scoped.*
    from metrics.scoped as scoped
    inner join history using (metric)
    where day >= add_days(since, -400)
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
        cast(sum(numerator) over by_day as decimal(37, 15)) as numerator,
        cast(sum(denominator) over by_day as decimal(37, 15)) as denominator,
        count(totals.day) over by_day as days
    from scopes
    inner join history using (metric)
    inner join raw.calendar as calendar
        on calendar.day >= add_days(since, -401)
        and calendar.day >= add_days(first_day, -1)
        and calendar.day <= as_of()
    left join totals using (metric, scope_kind, scope, day)
    window by_day as (
        partition by metric, scope_kind, scope
        order by calendar.day
        rows between unbounded preceding and current row
    )
),

-- What longer windows say of a period is said when its days can be mature: until then, day after day
-- would be missing from it for a month.
ends as (
    select history.metric, calendar.day as period_end, history.first_day
    from history
    inner join metrics.definition as definition on definition.metric = history.metric
    inner join raw.calendar as calendar
        on calendar.day >= history.since
        and calendar.day >= history.first_day
        and calendar.day <= case
            when history.family = 'longer_windows' then add_days(as_of(), -definition.lag_days)
            else as_of()
        end
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
        full_end,
        upto.scope_kind,
        upto.scope,
        cast(coalesce(upto.numerator, 0) - coalesce(before.numerator, 0) as double) as numerator,
        cast(coalesce(upto.denominator, 0) - coalesce(before.denominator, 0) as double)
            as denominator
    from periods
    inner join running as upto
        on upto.metric = periods.metric and upto.day = period_end
    inner join running as before
        on before.metric = upto.metric
        and before.scope_kind = upto.scope_kind
        and before.scope = upto.scope
        and before.day = add_days(greatest(period_start, first_day), -1)
    where upto.days > before.days
        and (
            upto.scope_kind not in ('provider', 'tenure_band')
            or grain in ('month', 'rolling_28')
        )
),

-- Fewer than five agents: no figure. A group that is the only one without would be known by
-- subtraction, so the next smallest has none either.
counted as (
    select
        sums.*,
        history.version,
        history.final_through,
        sums.scope_kind <> 'all' and coalesce(five_seen_since < period_start, true) as is_small
    from sums
    inner join history using (metric)
    left join metrics.fifth_agent as fifth_agent
        on fifth_agent.base = history.base
        and fifth_agent.scope_kind = sums.scope_kind
        and fifth_agent.scope = sums.scope
        and fifth_agent.day = sums.period_end
    where history.family <> 'costs' or sums.grain = 'month'
),

known_by_subtraction as (
    select metric, grain, period_end, scope_kind
    from counted
    where is_small
    group by metric, grain, period_end, scope_kind
    having count(*) = 1
),

placed as (
    select
        metric,
        grain,
        period_end,
        scope_kind,
        scope,
        row_number() over (
            partition by metric, grain, period_end, scope_kind
            order by denominator, scope
        ) as place
    from counted
    inner join known_by_subtraction using (metric, grain, period_end, scope_kind)
    where not is_small
),

closed as (
    select
        counted.*,
        is_small or place is not null as is_suppressed
    from counted
    left join placed
        on placed.metric = counted.metric
        and placed.grain = counted.grain
        and placed.period_end = counted.period_end
        and placed.scope_kind = counted.scope_kind
        and placed.scope = counted.scope
        and placed.place = 1
)

select
    metric,
    grain,
    period_start,
    period_end,
    scope_kind,
    scope,
    case when not is_suppressed then numerator end as numerator,
    case when not is_suppressed then denominator end as denominator,
    case when not is_suppressed then numerator / nullif(denominator, 0) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    cast(null as double) as provisional,
    cast(null as double) as provisional_low,
    cast(null as double) as provisional_high,
    full_end = period_end and period_end <= final_through as is_final,
    is_suppressed,
    version as definition_version
from closed
