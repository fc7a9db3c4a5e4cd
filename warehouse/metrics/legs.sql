-- Grain: metric, local day, provider, queue, reason, tenure band and agent: handled legs.
-- Why: what the work of answering takes, leg by leg. metrics.daily gathers it.
-- since: metrics.leg_sums
-- view
with ratios as (
    select 'average_handle_time' as metric, *, handle_seconds as numerator, legs as denominator
    from metrics.leg_sums
    union all
    select 'average_talk_time', *, talk_seconds, legs
    from metrics.leg_sums
    union all
    select 'average_hold_time', *, hold_seconds, legs
    from metrics.leg_sums
    union all
    select 'average_wrap_time', *, wrap_seconds, legs
    from metrics.leg_sums
    union all
    select 'transfer_rate', *, transferred, legs
    from metrics.leg_sums
    union all
    select 'novice_share', *, novice_legs, roster_legs
    from metrics.leg_sums
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
    cast(denominator as decimal(38, 15)) as denominator
from ratios
where denominator > 0
