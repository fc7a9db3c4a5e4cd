-- Grain: local day, provider, queue, reason, tenure band, agent who handled it first, whether its
-- window is over (mature), whether it is known to be no repeat itself (an opener), and after how many
-- local days it was repeated (null: not, or not yet): handled episodes.
-- Why: first-call resolution, repeats and the estimates of what is not mature are made of these.
with history as (
    select add_days_to_time(day_start(min(day)), repeat_window_days()) as openers_from
    from staging.calls
),

judged as (
    select
        episodes.day,
        coalesce(headcount.provider, 'unknown') as provider,
        episodes.queue,
        episodes.reason,
        coalesce(headcount.tenure_band, 'unknown') as tenure_band,
        episodes.agent_id,
        ended_at <= add_days_to_time(day_start(add_days(as_of(), 1)), -repeat_window_days())
            as is_mature,
        coalesce(seconds_since_previous > repeat_window_days() * 86400, true)
            and started_at >= openers_from as is_opener,
        case
            when seconds_to_next <= repeat_window_days() * 86400
                then days_between(episodes.day, local_day(add_seconds(ended_at, seconds_to_next)))
        end as repeated_after_days
    from facts.episodes as episodes
    cross join history
    left join facts.headcount as headcount using (day, agent_id)
    where is_handled
        and episodes.day >= since()
)

select
    day,
    provider,
    queue,
    reason,
    tenure_band,
    agent_id,
    is_mature,
    is_opener,
    repeated_after_days,
    count(*) as episodes
from judged
group by
    day, provider, queue, reason, tenure_band, agent_id, is_mature, is_opener, repeated_after_days
