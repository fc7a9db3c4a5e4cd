-- Grain: metric, local day and scope: the whole service, or one provider, queue, reason or tenure
-- band (in the wider bands that are published).
-- Why: what periods add up, night after night, without looking at every agent's days again. Agents
-- are no scope: nobody is ranked.
with due as (
    select metric, since
    from raw.due
    where model = 'metrics.scoped'
),

daily as (
    select
        daily.metric,
        daily.day,
        daily.provider,
        daily.queue,
        daily.reason,
        case
            when daily.tenure_band in ('0-29', '30-89') then '0-89'
            when daily.tenure_band in ('90-179', '180-364') then '90-364'
            else daily.tenure_band
        end as tenure_band,
        daily.numerator,
        daily.denominator
    from metrics.daily as daily
    inner join due on due.metric = daily.metric and due.since <= daily.day
    where daily.day >= since()
),

-- Agents are added up before scopes are parted: each scope reads far fewer rows.
counted as (
    select
        metric,
        day,
        provider,
        queue,
        reason,
        tenure_band,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from daily
    group by metric, day, provider, queue, reason, tenure_band
),

scoped as (
    select metric, day, 'all' as scope_kind, 'all' as scope, numerator, denominator
    from counted
    union all
    select metric, day, 'provider', provider, numerator, denominator
    from counted
    where provider is not null
    union all
    select metric, day, 'queue', queue, numerator, denominator
    from counted
    where queue is not null
    union all
    select metric, day, 'reason', reason, numerator, denominator
    from counted
    where reason is not null
    union all
    select metric, day, 'tenure_band', tenure_band, numerator, denominator
    from counted
    where tenure_band is not null
)

select
    metric,
    day,
    scope_kind,
    scope,
    cast(sum(numerator) as decimal(38, 15)) as numerator,
    cast(sum(denominator) as decimal(38, 15)) as denominator
from scoped
group by metric, day, scope_kind, scope
