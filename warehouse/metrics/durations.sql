-- Grain: quantity (handle_time or wait), local day, scope and length in seconds: how many handled
-- legs, or handled contacts, took exactly so long.
-- Why: medians of weeks and months are made of it without sorting every call again.
-- since: staging.calls, facts.contacts, facts.headcount
with handled as (
    select
        'handle_time' as quantity,
        day,
        cast(handle_seconds as double) as seconds,
        provider,
        queue,
        reason,
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else tenure_band
        end as tenure_band
    from facts.calls
    where is_handled
        and day >= since()
    union all
    select
        'wait', day, cast(wait_seconds as double), cast(null as string), queue, reason,
        cast(null as string)
    from facts.contacts
    where is_handled
        and day >= since()
)

select quantity, day, 'queue' as scope_kind, queue as scope, seconds, count(*) as cases
from handled
group by quantity, day, queue, seconds
union all
select quantity, day, 'reason', reason, seconds, count(*)
from handled
group by quantity, day, reason, seconds
union all
select quantity, day, 'provider', provider, seconds, count(*)
from handled
where provider is not null
group by quantity, day, provider, seconds
union all
select quantity, day, 'tenure_band', tenure_band, seconds, count(*)
from handled
where tenure_band is not null
group by quantity, day, tenure_band, seconds
