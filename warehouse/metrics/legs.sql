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
        cast(count(*) as decimal(38, 15)) as legs,
        cast(count(*) filter (where is_transferred) as decimal(38, 15)) as transferred,
        cast(sum(handle_seconds) as decimal(38, 15)) as handle_seconds,
        cast(sum(talk_seconds) as decimal(38, 15)) as talk_seconds,
        cast(sum(hold_seconds) as decimal(38, 15)) as hold_seconds,
        cast(sum(wrap_seconds) as decimal(38, 15)) as wrap_seconds,
        cast(count(*) filter (where tenure_band in ('0-29', '30-89')) as decimal(38, 15))
            as novice_legs,
        cast(count(*) filter (where tenure_band <> 'unknown') as decimal(38, 15)) as roster_legs
    from facts.calls
    where is_handled
        and day >= since()
    group by day, provider, queue, reason, tenure_band, agent_id
),

ratios as (
    select 'average_handle_time' as metric, *, handle_seconds as numerator, legs as denominator
    from totals
    union all
    select 'average_talk_time', *, talk_seconds, legs
    from totals
    union all
    select 'average_hold_time', *, hold_seconds, legs
    from totals
    union all
    select 'average_wrap_time', *, wrap_seconds, legs
    from totals
    union all
    select 'transfer_rate', *, transferred, legs
    from totals
    union all
    select 'novice_share', *, novice_legs, roster_legs
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
    numerator,
    denominator
from ratios
where denominator > 0
