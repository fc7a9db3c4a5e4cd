-- Grain: one offered contact; it belongs to the local day of its first leg.
-- Why: service level, waiting and abandonment are about customers, not about legs.
-- since: facts.contacts_of_several_legs
-- view
with beyond_their_day as (
    select contact_id
    from facts.contacts_of_several_legs
    where last_day > day
)

-- Of contacts of several legs, those of the days that are asked for; the few that go on after
-- midnight have legs on other days.
select
    calls.day,
    calls.contact_id,
    calls.queued_at,
    calls.ended_at,
    calls.queue,
    calls.reason,
    calls.customer_id,
    case when calls.outcome = 'handled' then calls.agent_id end as agent_id,
    calls.outcome = 'handled' as is_handled,
    calls.outcome,
    calls.wait_seconds,
    cast(
        case
            when calls.outcome = 'handled'
                then calls.talk_seconds + calls.hold_seconds + calls.wrap_seconds
            else 0
        end as decimal(18, 6)
    ) as handle_seconds,
    1 as legs,
    calls.day as last_day
from staging.calls as calls
left join facts.contacts_of_several_legs as joined
    on joined.contact_id = calls.contact_id
    and joined.day = calls.day
left join beyond_their_day on beyond_their_day.contact_id = calls.contact_id
where joined.contact_id is null
    and beyond_their_day.contact_id is null
    and calls.outcome <> 'ignored'
union all
select
    day,
    contact_id,
    queued_at,
    ended_at,
    queue,
    reason,
    customer_id,
    agent_id,
    is_handled,
    outcome,
    wait_seconds,
    handle_seconds,
    legs,
    last_day
from facts.contacts_of_several_legs
