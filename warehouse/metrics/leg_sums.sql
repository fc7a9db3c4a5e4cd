-- Grain: local day, provider, queue, reason, tenure band and agent: sums of handled legs.
-- Why: six metrics are made of these. metrics.legs parts them.
-- since: staging.calls, facts.headcount
select
    day,
    provider,
    queue,
    reason,
    tenure_band,
    agent_id,
    count(*) as legs,
    count(*) filter (where is_transferred) as transferred,
    cast(sum(handle_seconds) as decimal(18, 6)) as handle_seconds,
    cast(sum(talk_seconds) as decimal(18, 6)) as talk_seconds,
    cast(sum(hold_seconds) as decimal(18, 6)) as hold_seconds,
    cast(sum(wrap_seconds) as decimal(18, 6)) as wrap_seconds,
    count(*) filter (where tenure_band in ('0-29', '30-89')) as novice_legs,
    count(*) filter (where tenure_band <> 'unknown') as roster_legs
from facts.calls
where is_handled
    and day >= since()
group by day, provider, queue, reason, tenure_band, agent_id
