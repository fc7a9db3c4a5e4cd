-- Grain: local day, queue, reason and agent who answered first (null: nobody did): sums of offered
-- contacts.
-- Why: metrics.contacts and metrics.handled_contacts are made of these.
-- since: facts.contacts
select
    day,
    queue,
    reason,
    agent_id,
    count(*) as offered,
    count(*) filter (where is_handled) as handled,
    count(*) filter (where is_handled and wait_seconds <= service_level_seconds())
        as answered_in_time,
    count(*) filter (where outcome = 'abandoned') as abandoned,
    count(*) filter (where outcome = 'abandoned' and wait_seconds <= short_abandon_seconds())
        as abandoned_short,
    count(customer_id) filter (where is_handled) as identified,
    cast(sum(wait_seconds) filter (where is_handled) as decimal(18, 6)) as handled_wait_seconds,
    cast(sum(handle_seconds) filter (where is_handled) as decimal(18, 6)) as handle_seconds
from facts.contacts
where day >= since()
group by day, queue, reason, agent_id
