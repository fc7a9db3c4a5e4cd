-- Grain: quantity (handle_time or wait), local day, scope and length in seconds: how many handled
-- legs, or handled contacts, took exactly so long.
-- Why: medians of weeks and months are made of it without sorting every call again.
-- since: staging.calls, facts.contacts, facts.headcount
with handle_times as (
    select
        day,
        queue,
        reason,
        provider,
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else tenure_band
        end as tenure_band,
        handle_seconds as seconds
    from facts.calls
    where is_handled
        and day >= since()
),

waits as (
    select day, queue, reason, wait_seconds as seconds
    from facts.contacts
    where is_handled
        and day >= since()
),

-- All scopes at once: calls and contacts are read, and matched to their people, one time.
counted as (
    select
        'handle_time' as quantity,
        day,
        case
            when grouping(queue) = 0 then 'queue'
            when grouping(reason) = 0 then 'reason'
            when grouping(provider) = 0 then 'provider'
            else 'tenure_band'
        end as scope_kind,
        coalesce(queue, reason, provider, tenure_band) as scope,
        seconds,
        count(*) as cases
    from handle_times
    group by grouping sets (
        (day, seconds, queue),
        (day, seconds, reason),
        (day, seconds, provider),
        (day, seconds, tenure_band)
    )
    union all
    select
        'wait',
        day,
        case when grouping(queue) = 0 then 'queue' else 'reason' end,
        coalesce(queue, reason),
        seconds,
        count(*)
    from waits
    group by grouping sets ((day, seconds, queue), (day, seconds, reason))
)

select quantity, day, scope_kind, scope, cast(seconds as double) as seconds, cases
from counted
