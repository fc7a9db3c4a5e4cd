-- Grain: metric, local day, provider, queue, reason, tenure band and agent: handled legs.
-- Why: what the work of answering takes, leg by leg. metrics.daily gathers it.
-- since: staging.calls, facts.headcount
with totals as (
    select
        day,
        provider,
        queue,
        reason,
        tenure_band,
        agent_id,
        cast(count(*) as decimal(38, 15)) as handled_legs,
        cast(sum(handle_seconds) as decimal(38, 15)) as handle_seconds
    from facts.calls
    where is_handled
        and day >= since()
    group by day, provider, queue, reason, tenure_band, agent_id
)

select
    'average_handle_time' as metric,
    day,
    provider,
    queue,
    reason,
    tenure_band,
    agent_id,
    handle_seconds as numerator,
    handled_legs as denominator
from totals
