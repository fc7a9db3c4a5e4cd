-- Grain: metric, local day, provider, queue, reason, tenure band and agent: handled episodes whose
-- window is over (mature). An opener is also old enough to know that it is no repeat itself.
-- Why: whether a question is settled by the first call. The agent is who handled it first.
with history as (
    select add_days_to_time(day_start(min(day)), repeat_window_days()) as openers_from
    from staging.calls
),

judged as (
    select
        episodes.*,
        coalesce(headcount.provider, 'unknown') as provider,
        coalesce(headcount.tenure_band, 'unknown') as tenure_band,
        coalesce(seconds_to_next <= repeat_window_days() * 86400, false) as is_repeated,
        coalesce(seconds_since_previous > repeat_window_days() * 86400, true)
            and started_at >= openers_from as is_opener
    from facts.episodes as episodes
    cross join history
    left join facts.headcount as headcount using (day, agent_id)
    where is_handled
        and day >= since()
        and ended_at <= add_days_to_time(day_start(add_days(as_of(), 1)), -repeat_window_days())
),

totals as (
    select
        day,
        provider,
        queue,
        reason,
        tenure_band,
        agent_id,
        count(*) as episodes,
        count(*) filter (where is_repeated) as episodes_repeated,
        count(*) filter (where is_opener) as openers,
        count(*) filter (where is_opener and not is_repeated) as openers_resolved
    from judged
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
    cast(numerator as decimal(38, 15)) as numerator,
    cast(denominator as decimal(38, 15)) as denominator
from ratios
where denominator > 0
