-- Grain: one leg (one agent, one customer contact), the newest version of its record.
-- Why: sources deliver a record again, amended or unchanged; from here on there is one of each.
-- A repeat (same content, delivered before) is no version; the winner is the latest updated_at,
-- then the later file in order of arrival, then the later line.
with touched_calls as (
    select distinct call_id
    from raw.calls
    where queued_at >= day_start(since())
),

versions as (
    select
        calls.*,
        files.arrival,
        row_number() over (
            partition by
                call_id, contact_id, queued_at, queue, reason, customer_id, agent_id,
                wait_seconds, talk_seconds, hold_seconds, wrap_seconds, outcome, is_transferred,
                updated_at
            order by files.arrival, calls.line
        ) as occurrence
    from raw.calls as calls
    inner join ledger.files as files using (file)
    where call_id in (select call_id from touched_calls)
),

ranked as (
    select
        *,
        row_number() over (
            partition by call_id
            order by updated_at desc nulls last, arrival desc, line desc
        ) as place
    from versions
    where occurrence = 1
)

select
    local_day(queued_at) as day,
    call_id,
    contact_id,
    queued_at,
    queue,
    reason,
    customer_id,
    agent_id,
    cast(wait_seconds as decimal(18, 6)) as wait_seconds,
    cast(talk_seconds as decimal(18, 6)) as talk_seconds,
    cast(hold_seconds as decimal(18, 6)) as hold_seconds,
    cast(wrap_seconds as decimal(18, 6)) as wrap_seconds,
    outcome,
    is_transferred,
    updated_at,
    file,
    line
from ranked
where place = 1
    and queued_at >= day_start(since())
    and queued_at < day_start(add_days(as_of(), 1))
