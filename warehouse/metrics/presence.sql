-- Grain: local day, base (calls or workforce), scope and agent: who the group rests on that day: of
-- calls, the agents who handled any of its legs; of the workforce, those employed in it.
-- Why: a figure that rests on fewer than five people would be a figure about them. A year of it is
-- read every night, so it is kept.
-- since: metrics.leg_sums, facts.headcount
with agents as (
    select 'calls' as base, day, provider, queue, reason, tenure_band, agent_id
    from metrics.leg_sums
    where agent_id is not null
        and day >= since()
    union all
    select
        'workforce', day, provider, cast(null as string), cast(null as string), tenure_band,
        agent_id
    from facts.headcount
    where day >= since()
),

scoped as (
    select base, day, 'provider' as scope_kind, provider as scope, agent_id
    from agents
    union all
    select base, day, 'queue', queue, agent_id
    from agents
    where queue is not null
    union all
    select base, day, 'reason', reason, agent_id
    from agents
    where reason is not null
    union all
    select
        base,
        day,
        'tenure_band',
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else tenure_band
        end,
        agent_id
    from agents
)

select distinct base, day, scope_kind, scope, agent_id
from scoped
