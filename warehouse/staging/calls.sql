-- Grain: one leg (one agent, one customer contact), of the newest version of its record: the latest
-- updated_at, then the later file in order of arrival, then the later line. A repeat is no version.
-- A call that nobody answered was not abandoned if the record it was handed to says that it became
-- a callback or went on elsewhere.
-- since: staging.several_rows
with handed_to as (
    select handed_to as record_id
    from raw.calls
    where queued_at >= day_start(since())
        and handed_to is not null
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
    where record_id in (select record_id from staging.several_rows)
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
    left join staging.several_rows as several on several.record_id = calls.record_id
    where several.record_id is null
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
    left join staging.several_rows as several on several.record_id = calls.record_id
    where several.record_id is null
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
),

-- To ask what a zone's clocks show takes longer than anything else here: once for each minute.
minutes as (
    select minute, local_day(minute) as day
    from (
        select distinct minute_of(queued_at) as minute
        from raw.calls
        where queued_at >= day_start(since())
    ) as minutes
),

legs as (
    select
        minutes.day,
        newest.call_id,
        newest.contact_id,
        newest.queued_at,
        newest.queue,
        newest.reason,
        newest.customer_id,
        newest.agent_id,
        cast(newest.wait_seconds as decimal(18, 6)) as wait_seconds,
        cast(newest.talk_seconds as decimal(18, 6)) as talk_seconds,
        cast(newest.hold_seconds as decimal(18, 6)) as hold_seconds,
        cast(newest.wrap_seconds as decimal(18, 6)) as wrap_seconds,
        case
            when newest.outcome = 'abandoned' and next.arrived_by = 'CALLBACK' then 'callback'
            when newest.outcome = 'abandoned' and next.arrived_by <> 'DISCONNECT' then 'overflow'
            else newest.outcome
        end as outcome,
        newest.is_transferred
            or (newest.handed_to is not null and coalesce(next.arrived_by, '') <> 'DISCONNECT')
            as is_transferred,
        newest.updated_at,
        newest.file,
        newest.line
    from newest
    left join minutes on minutes.minute = minute_of(newest.queued_at)
    left join next_records as next on next.record_id = newest.handed_to
    where newest.status = 'leg'
        and newest.queued_at >= day_start(since())
        and newest.queued_at < day_start(add_days(as_of(), 1))
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
)

select *, add_seconds(queued_at, wait_seconds + talk_seconds + hold_seconds) as ended_at
from legs
