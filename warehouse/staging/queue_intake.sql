-- Grain: file of an event log, local day and use: of how many events a call's legs are made (`leg`),
-- how many wait for its end (`pending`), are of no call, unknown, or repeats of one delivered before.
-- Why: a file whose events are read and come to nothing would be a silent loss.
with events as (
    select
        happened_at,
        call_id,
        data3 as step,
        file,
        line,
        row_number() over (
            partition by
                happened_at, call_id, queue, agent_id, event, customer_id, data1, data2, data3
            order by arrival, line
        ) as occurrence
    from raw.queue_events
    inner join ledger.files using (file)
    where happened_at >= day_start(since())
),

-- A consultation's end may be that of its customer's leg.
calls_with_legs as (
    select contact_id as call_id
    from staging.queue_legs
    union
    select events.call_id
    from events
    inner join staging.queue_legs using (file, line)
)

select
    local_day(happened_at) as day,
    file,
    case
        when occurrence > 1 then 'repeat'
        when step in ('no_call', 'unknown') then step
        when calls_with_legs.call_id is not null then 'leg'
        else 'pending'
    end as event_use,
    count(*) as events
from events
left join calls_with_legs using (call_id)
group by
    local_day(happened_at),
    file,
    case
        when occurrence > 1 then 'repeat'
        when step in ('no_call', 'unknown') then step
        when calls_with_legs.call_id is not null then 'leg'
        else 'pending'
    end
