-- Grain: metric, local day and scope: the whole service, or one provider, queue, reason or tenure
-- band (in the wider bands that are published).
-- Why: what periods add up. Agents are no scope: nobody is ranked.
-- view
select metric, day, 'all' as scope_kind, 'all' as scope, numerator, denominator
from metrics.daily
union all
select metric, day, 'provider', provider, numerator, denominator
from metrics.daily
where provider is not null
union all
select metric, day, 'queue', queue, numerator, denominator
from metrics.daily
where queue is not null
union all
select metric, day, 'reason', reason, numerator, denominator
from metrics.daily
where reason is not null
union all
select
    metric,
    day,
    'tenure_band',
    case
        when tenure_band in ('0-29', '30-89') then '0-89'
        when tenure_band in ('90-179', '180-364') then '90-364'
        else tenure_band
    end,
    numerator,
    denominator
from metrics.daily
where tenure_band is not null
