-- Grain: one episode: offered contacts of one identified customer and one reason that overlap in
-- time (nearly always one contact). It belongs to the day of its first queue time.
-- Why: first-call resolution and repeats count episodes. Gaps longer than any window are unknown.
-- since: facts.contacts_with_neighbours
-- view
select
    day,
    episode_id,
    customer_id,
    reason,
    queue,
    agent_id,
    started_at,
    ended_at,
    is_handled,
    contacts,
    seconds_since_previous,
    seconds_to_next
from facts.contacts_with_neighbours
where contact_id = episode_id
union all
select
    contacts.day,
    contacts.contact_id,
    contacts.customer_id,
    contacts.reason,
    contacts.queue,
    contacts.agent_id,
    contacts.queued_at,
    contacts.ended_at,
    contacts.is_handled,
    1,
    cast(null as decimal(18, 6)),
    cast(null as decimal(18, 6))
from facts.contacts as contacts
left join facts.contacts_with_neighbours as neighbours
    on neighbours.contact_id = contacts.contact_id
    and neighbours.day = contacts.day
where neighbours.contact_id is null
    and contacts.customer_id is not null
