-- Grain: metric, local day, queue and reason: offered contacts.
-- Why: what customers meet: waiting, being answered in time, giving up. An abandoned contact has
-- no agent, so these have no provider and no tenure band.
-- since: metrics.contact_sums
-- view
with totals as (
    select
        day,
        queue,
        reason,
        sum(offered) as offered,
        sum(handled) as handled,
        sum(answered_in_time) as answered_in_time,
        sum(abandoned) as abandoned,
        sum(abandoned_short) as abandoned_short,
        sum(handled_wait_seconds) as handled_wait_seconds
    from metrics.contact_sums
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
