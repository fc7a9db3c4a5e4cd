-- (a) Nothing but reading.
create temp table calls as
select
    call_id,
    contact_id,
    queued_at,
    day,
    queue,
    reason,
    customer_id,
    agent_id,
    wait_seconds,
    talk_seconds,
    hold_seconds,
    wrap_seconds,
    outcome,
    is_transferred
from csv
left join hours on hours.hour = date_trunc('hour', queued_at);
