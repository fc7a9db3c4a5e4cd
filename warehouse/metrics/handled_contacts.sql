-- Grain: metric, local day, provider, queue, reason, tenure band and agent who answered first.
-- Why: what a customer's question takes in all, and of how many customers we know who they are:
-- first-call resolution speaks of these only.
-- since: metrics.contact_sums, facts.headcount
-- view
with totals as (
    select
        sums.day,
        coalesce(headcount.provider, 'unknown') as provider,
        sums.queue,
        sums.reason,
        coalesce(headcount.tenure_band, 'unknown') as tenure_band,
        sums.agent_id,
        sums.handled,
        sums.identified,
        sums.handle_seconds
    from metrics.contact_sums as sums
    left join facts.headcount as headcount using (day, agent_id)
    where sums.handled > 0
),

ratios as (
    select 'handle_time_per_contact' as metric, *, handle_seconds as numerator
    from totals
    union all
    select 'identified_share', *, identified
    from totals
)

select
    metric,
    day,
    provider,
    queue,
    reason,
    tenure_band,
    agent_id,
    cast(numerator as decimal(38, 15)) as numerator,
    cast(handled as decimal(38, 15)) as denominator
from ratios
