-- Grain: metric, local day, queue and reason: offered contacts.
-- Why: what customers meet: waiting, being answered in time, giving up. An abandoned contact has
-- no agent, so these have no provider and no tenure band.
-- since: facts.contacts
with totals as (
    select
        day,
        queue,
        reason,
        count(*) as offered,
        count(*) filter (where is_handled) as handled,
        count(*) filter (where is_handled and wait_seconds <= service_level_seconds())
            as answered_in_time,
        count(*) filter (where outcome = 'abandoned') as abandoned,
        count(*) filter (where outcome = 'abandoned' and wait_seconds <= short_abandon_seconds())
            as abandoned_short,
        sum(wait_seconds) filter (where is_handled) as handled_wait_seconds
    from facts.contacts
    where day >= since()
    group by day, queue, reason
),

ratios as (
    select
        'average_speed_of_answer' as metric, day, queue, reason,
        handled_wait_seconds as numerator, handled as denominator
    from totals
    union all
    select 'service_level', day, queue, reason, answered_in_time, offered - abandoned_short
    from totals
    union all
    select
        'abandonment_rate', day, queue, reason, abandoned - abandoned_short,
        offered - abandoned_short
    from totals
)

select
    metric,
    day,
    cast(null as string) as provider,
    queue,
    reason,
    cast(null as string) as tenure_band,
    cast(null as string) as agent_id,
    cast(coalesce(numerator, 0) as decimal(38, 15)) as numerator,
    cast(denominator as decimal(38, 15)) as denominator
from ratios
where denominator > 0
