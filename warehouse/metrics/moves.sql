-- Grain: local day, scope (all, provider), movement (hire, departure) and reason; people counted.
-- Why: what metrics.movements adds up. Of the time before the headcount, only those who stayed are
-- known, so it begins with it, or with what was frozen.
-- view
with moved as (
    select day, provider, 'hire' as movement, hire_kind as reason
    from facts.hires
    union all
    select
        day,
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
)

select day, scope_kind, scope, movement, reason, count(*) as people
from scoped
where day >= (select min(day) from facts.headcount)
    and day > coalesce((select max(day) from metrics.frozen_team_days), date '1930-01-01')
group by day, scope_kind, scope, movement, reason
union all
select day, scope_kind, scope, movement, reason, people
from metrics.frozen_moves
