-- Grain: metric, local day and finest group; a group that does not apply is null.
-- Why: every metric in one shape. Add the numerators, add the denominators, divide.
-- since: facts.contacts_with_neighbours, metrics.legs, metrics.handled_contacts, metrics.episodes
-- since: metrics.hires, metrics.evaluations, metrics.subscribers, metrics.workforce, metrics.costs
-- view
with counted as (
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.legs
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.handled_contacts
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.contacts
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.episodes
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.longer_windows
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.evaluations
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.subscribers
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.workforce
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.hires
    union all
    select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
    from metrics.costs
)

select metric, day, provider, queue, reason, tenure_band, agent_id, numerator, denominator
from counted
where day > coalesce((select max(day) from metrics.frozen), date '1930-01-01')
union all
select
    metric,
    day,
    provider,
    queue,
    reason,
    tenure_band,
    cast(null as string) as agent_id,
    numerator,
    denominator
from metrics.frozen
