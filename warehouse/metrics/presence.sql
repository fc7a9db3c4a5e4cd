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

banded as (
    select
        base,
        day,
        provider,
        queue,
        reason,
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else tenure_band
        end as tenure_band,
        agent_id
    from agents
),

scoped as (
    select
        base,
        day,
        case
            when grouping(provider) = 0 then 'provider'
            when grouping(queue) = 0 then 'queue'
            when grouping(reason) = 0 then 'reason'
            else 'tenure_band'
        end as scope_kind,
        coalesce(provider, queue, reason, tenure_band) as scope,
        agent_id
    from banded
    group by grouping sets (
        (base, day, agent_id, provider),
        (base, day, agent_id, queue),
        (base, day, agent_id, reason),
        (base, day, agent_id, tenure_band)
    )
)

-- The workforce has no queues and no reasons.
select base, day, scope_kind, scope, agent_id
from scoped
where scope is not null
