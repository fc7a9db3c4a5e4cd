-- Grain: metric, local day, provider, queue, reason, tenure band and agent: handled episodes whose
-- window is over (mature). An opener is also old enough to know that it is no repeat itself.
-- Why: whether a question is settled by the first call. The agent is who handled it first.
-- since: metrics.episode_sums
-- view
with totals as (
    select
        day,
        provider,
        queue,
        reason,
        tenure_band,
        agent_id,
        sum(episodes) as episodes,
        sum(episodes) filter (where repeated_after_days is not null) as episodes_repeated,
        sum(episodes) filter (where is_opener) as openers,
        sum(episodes) filter (where is_opener and repeated_after_days is null)
            as openers_resolved
    from metrics.episode_sums
    where is_mature
    group by day, provider, queue, reason, tenure_band, agent_id
),

ratios as (
    select
        'first_call_resolution' as metric, day, provider, queue, reason, tenure_band, agent_id,
        openers_resolved as numerator, openers as denominator
    from totals
    union all
    select
        'repeat_call_rate', day, provider, queue, reason, tenure_band, agent_id,
        episodes_repeated, episodes
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
    cast(coalesce(numerator, 0) as decimal(38, 15)) as numerator,
    cast(denominator as decimal(38, 15)) as denominator
from ratios
where denominator > 0
