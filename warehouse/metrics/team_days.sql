-- Grain: local day and scope (all, provider, published tenure band): the team that day, who came and
-- who went.
-- Why: what periods of headcount add up. A hire comes with no tenure, a departure goes with its own.
-- view
with people as (
    select
        headcount.day,
        headcount.provider,
        headcount.tenure_days,
        case
            when headcount.tenure_days < 90 then '0-89'
            when headcount.tenure_days < 365 then '90-364'
            else '365+'
        end as tenure_band,
        hires.hire_kind,
        departures.leave_reason
    from facts.headcount as headcount
    left join facts.hires as hires using (day, agent_id)
    left join facts.departures as departures using (day, agent_id)
),

scoped as (
    select *, 'all' as scope_kind, 'all' as scope
    from people
    union all
    select *, 'provider', provider
    from people
    union all
    select *, 'tenure_band', tenure_band
    from people
)

select
    day,
    scope_kind,
    scope,
    count(*) as agents,
    cast(sum(tenure_days) as bigint) as tenure_days,
    count(*) filter (where tenure_days < 90) as novices,
    count(*) filter (where hire_kind = 'replacement') as replacements,
    count(*) filter (where hire_kind = 'growth') as growth_hires,
    count(leave_reason) as departures
from scoped
where day > coalesce((select max(day) from metrics.frozen_team_days), date '1930-01-01')
group by day, scope_kind, scope
union all
select
    day, scope_kind, scope, agents, tenure_days, novices, replacements, growth_hires, departures
from metrics.frozen_team_days
