-- Grain: one leg (one agent, one customer contact), of the newest version of its record.
-- Why: sources deliver a record again, amended or unchanged; from here on there is one of each.
-- A repeat (same content, delivered before) is no version; the winner is the latest updated_at,
-- then the later file in order of arrival, then the later line. A call that nobody answered was not
-- abandoned if the record it was handed to says that it became a callback or went on elsewhere.
with handed_to as (
    select handed_to as record_id
    from raw.calls
    where queued_at >= day_start(since())
        and handed_to is not null
),

recent as (
    select record_id, count(*) as calls
    from raw.calls
    where queued_at >= day_start(since())
    group by record_id
),

-- Nearly all records are one row; only the others have versions, or several legs.
of_several_rows as (
    select record_id
    from recent
    where calls > 1
    union
    select record_id
    from raw.calls
    where queued_at < day_start(since())
        and record_id in (select record_id from recent)
    union
    select record_id
    from raw.calls
    where record_id in (select record_id from handed_to)
    group by record_id
    having count(*) > 1
),

versions as (
    select
        calls.*,
        files.arrival,
        row_number() over (
            partition by
                record_id, content, call_id, contact_id, queued_at, queue, reason, customer_id,
                agent_id, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, outcome,
                is_transferred, updated_at, status, handed_to, arrived_by
            order by files.arrival, calls.line
        ) as occurrence
    from raw.calls as calls
    inner join ledger.files as files using (file)
    where record_id in (select record_id from of_several_rows)
),

-- All legs of a record share their file and line, and so their rank.
ranked as (
    select
        *,
        rank() over (
            partition by record_id
            order by updated_at desc nulls last, arrival desc, line desc
        ) as place
    from versions
    where occurrence = 1
),

newest as (
    select
        calls.record_id, status, handed_to, arrived_by, call_id, contact_id, queued_at, queue,
        reason, customer_id, agent_id, wait_seconds, talk_seconds, hold_seconds, wrap_seconds,
        outcome, is_transferred, updated_at, file, line
    from raw.calls as calls
    left join of_several_rows on of_several_rows.record_id = calls.record_id
    where of_several_rows.record_id is null
    union all
    select
        record_id, status, handed_to, arrived_by, call_id, contact_id, queued_at, queue,
        reason, customer_id, agent_id, wait_seconds, talk_seconds, hold_seconds, wrap_seconds,
        outcome, is_transferred, updated_at, file, line
    from ranked
    where place = 1
),

next_versions as (
    select calls.record_id, arrived_by
    from raw.calls as calls
    left join of_several_rows on of_several_rows.record_id = calls.record_id
    where of_several_rows.record_id is null
        and calls.record_id in (select record_id from handed_to)
    union all
    select record_id, arrived_by
    from ranked
    where place = 1
),

next_records as (
    select record_id, max(arrived_by) as arrived_by
    from next_versions
    group by record_id
)

select
    local_day(legs.queued_at) as day,
    legs.call_id,
    legs.contact_id,
    legs.queued_at,
    legs.queue,
    legs.reason,
    legs.customer_id,
    legs.agent_id,
    cast(legs.wait_seconds as decimal(18, 6)) as wait_seconds,
    cast(legs.talk_seconds as decimal(18, 6)) as talk_seconds,
    cast(legs.hold_seconds as decimal(18, 6)) as hold_seconds,
    cast(legs.wrap_seconds as decimal(18, 6)) as wrap_seconds,
    case
        when legs.outcome = 'abandoned' and next.arrived_by = 'CALLBACK' then 'callback'
        when legs.outcome = 'abandoned' and next.arrived_by <> 'DISCONNECT' then 'overflow'
        else legs.outcome
    end as outcome,
    legs.is_transferred
        or (legs.handed_to is not null and coalesce(next.arrived_by, '') <> 'DISCONNECT')
        as is_transferred,
    legs.updated_at,
    legs.file,
    legs.line
from newest as legs
left join next_records as next on next.record_id = legs.handed_to
where legs.status = 'leg'
    and legs.queued_at >= day_start(since())
    and legs.queued_at < day_start(add_days(as_of(), 1))
union all
select
    day,
    call_id,
    contact_id,
    queued_at,
    queue,
    reason,
    customer_id,
    agent_id,
    wait_seconds,
    talk_seconds,
    hold_seconds,
    wrap_seconds,
    outcome,
    is_transferred,
    updated_at,
    file,
    line
from staging.queue_legs
where day >= since()
