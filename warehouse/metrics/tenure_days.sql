-- Grain: window (rolling_365, and the whole history), scope and day of tenure: agents employed on that
-- day of their tenure, and those of them who left on it (promotions and transfers are no loss).
-- Why: a survival curve of people some of whom were there before the window began, and some of whom
-- are there still: at risk is who was seen. Cohorts are half-years of hire, of those hired within it.
with seen as (
    select
        headcount.day,
        headcount.agent_id,
        headcount.provider,
        headcount.tenure_days,
        add_days(headcount.day, -headcount.tenure_days) as hired_on,
        coalesce(departures.is_loss, false) as is_loss
    from facts.headcount as headcount
    left join facts.departures as departures using (day, agent_id)
),

windows as (
    select 'history' as grain, min(day) as period_start
    from facts.headcount
    union all
    select 'rolling_365', add_days(as_of(), -364)
    from facts.headcount
    having min(day) <= add_days(as_of(), -364)
),

scoped as (
    select *, 'all' as scope_kind, 'all' as scope
    from seen
    union all
    select *, 'provider', provider
    from seen
    union all
    select
        *,
        'cohort',
        concat(
            substr(cast(hired_on as string), 1, 4),
            case when substr(cast(hired_on as string), 6, 2) <= '06' then '-H1' else '-H2' end
        )
    from seen
    where hired_on >= (select min(day) from facts.headcount)
),

framed as (
    select
        windows.grain,
        windows.period_start,
        scoped.*
    from windows
    inner join scoped on scoped.day >= windows.period_start
    where windows.grain = 'history'
        or scoped.scope_kind <> 'cohort'
),

groups as (
    select grain, scope_kind, scope, count(distinct agent_id) as group_agents
    from framed
    group by grain, scope_kind, scope
)

select
    grain,
    period_start,
    as_of() as period_end,
    scope_kind,
    scope,
    group_agents,
    tenure_days,
    count(*) as agents,
    count(*) filter (where is_loss) as departures
from framed
inner join groups using (grain, scope_kind, scope)
group by grain, period_start, scope_kind, scope, group_agents, tenure_days
