-- Grain: period (month, rolling_91, rolling_365), scope (all, provider), movement (hire, departure) and
-- reason: the kind of a hire, why somebody left (inferred: nobody said; he was on the next roster no
-- more). People counted.
-- Why: who came and went, and why. Groups that turnover closes are left out.
-- by: period_end
with moved as (
    select day, agent_id, provider, 'hire' as movement, hire_kind as reason
    from facts.hires
    union all
    select
        day,
        agent_id,
        provider,
        'departure',
        case when is_inferred then 'inferred' else leave_reason end
    from facts.departures
),

scoped as (
    select day, movement, reason, 'all' as scope_kind, 'all' as scope
    from moved
    union all
    select day, movement, reason, 'provider', provider
    from moved
),

periods as (
    select grain, period_start, period_end, scope_kind, scope, is_final
    from metrics.period
    where metric = 'agent_turnover'
        and grain in ('month', 'rolling_91', 'rolling_365')
        and period_end >= since()
        and not is_suppressed
)

select
    periods.grain,
    periods.period_start,
    periods.period_end,
    periods.scope_kind,
    periods.scope,
    scoped.movement,
    scoped.reason,
    count(*) as people,
    periods.is_final
from periods
inner join scoped
    on scoped.scope_kind = periods.scope_kind
    and scoped.scope = periods.scope
    and scoped.day >= periods.period_start
    and scoped.day <= periods.period_end
where scoped.day >= (select min(day) from facts.headcount)
group by
    periods.grain,
    periods.period_start,
    periods.period_end,
    periods.scope_kind,
    periods.scope,
    scoped.movement,
    scoped.reason,
    periods.is_final
