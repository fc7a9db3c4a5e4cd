-- Grain: metric, local day, provider, queue, reason and tenure band: handled episodes by windows of
-- 14 and 30 days, beside the one that is set; on days all of whose episodes are that old (mature).
-- Why: does a question come back later than that? Only episodes that have neighbours differ by the
-- window; all of a day are counted already. Agents are added up.
with windows as (
    select distinct
        lag_days - 1 as window_days,
        since
    from metrics.definition
    inner join raw.due as due
        on due.metric = definition.metric and due.model = 'metrics.longer_windows'
    where family = 'longer_windows'
),

mature as (
    select
        day,
        window_days
    from facts.day_ends
    inner join windows
        on day >= since
        and last_end <= add_days_to_time(day_start(add_days(as_of(), 1)), -window_days)
),

begun as (
    select day_start(min(day)) as history_start
    from staging.calls
),

handled as (
    select day, provider, queue, reason, tenure_band, sum(episodes) as episodes
    from metrics.episode_sums
    where day >= since()
    group by day, provider, queue, reason, tenure_band
),

gaps as (
    select
        neighbours.day,
        coalesce(headcount.provider, 'unknown') as provider,
        neighbours.queue,
        neighbours.reason,
        coalesce(headcount.tenure_band, 'unknown') as tenure_band,
        mature.window_days,
        coalesce(seconds_since_previous <= mature.window_days * 86400, false) as is_repeat,
        coalesce(seconds_to_next <= mature.window_days * 86400, false) as is_repeated
    from facts.contacts_with_neighbours as neighbours
    inner join mature on mature.day = neighbours.day
    left join facts.headcount as headcount
        on headcount.day = neighbours.day
        and headcount.agent_id = neighbours.agent_id
    where contact_id = episode_id
        and is_handled
        and neighbours.day >= since()
),

differing as (
    select
        day,
        provider,
        queue,
        reason,
        tenure_band,
        window_days,
        count(*) filter (where is_repeat) as repeats,
        count(*) filter (where is_repeated) as repeated,
        count(*) filter (where is_repeated and not is_repeat) as openers_repeated
    from gaps
    group by day, provider, queue, reason, tenure_band, window_days
),

-- Days that begin before the window is over since the history began may hold repeats of what is not
-- known: they have no openers.
counted as (
    select
        handled.day,
        handled.provider,
        handled.queue,
        handled.reason,
        handled.tenure_band,
        mature.window_days,
        episodes,
        coalesce(repeated, 0) as repeated,
        case
            when day_start(handled.day)
                >= add_days_to_time(history_start, mature.window_days)
                then episodes - coalesce(repeats, 0)
            else 0
        end as openers,
        coalesce(openers_repeated, 0) as openers_repeated
    from handled
    cross join begun
    inner join mature on mature.day = handled.day
    left join differing
        on differing.day = handled.day
        and differing.provider = handled.provider
        and differing.queue = handled.queue
        and differing.reason = handled.reason
        and differing.tenure_band = handled.tenure_band
        and differing.window_days = mature.window_days
),

ratios as (
    select
        concat('first_call_resolution_', window_days, '_days') as metric,
        day, provider, queue, reason, tenure_band,
        openers - openers_repeated as numerator,
        openers as denominator
    from counted
    where openers > 0
    union all
    select
        concat('repeat_call_rate_', window_days, '_days'),
        day, provider, queue, reason, tenure_band,
        repeated,
        episodes
    from counted
)

select
    metric,
    day,
    provider,
    queue,
    reason,
    tenure_band,
    cast(null as string) as agent_id,
    cast(numerator as decimal(38, 15)) as numerator,
    cast(denominator as decimal(38, 15)) as denominator
from ratios
