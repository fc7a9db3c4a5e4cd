-- The earliest local day on which a visit of a call with events that are new, withdrawn or
-- reinstated tonight may have begun, to the two seconds that events may differ by. A transfer that
-- neither says how long the talk was nor has its beginning may end another call's, which began a day
-- before at most.
with changed_calls as (
    select call_id
    from raw.queue_events
    inner join ledger.files using (file)
    where change = 'new' and data3 not in ('aside', 'no_call', 'unknown')
    union
    select call_id
    from raw.withdrawn_queue_events
    where data3 not in ('aside', 'no_call', 'unknown')
),

events as (
    select call_id, queue, happened_at, data1, data2, data3 as step
    from raw.queue_events
    where call_id in (select call_id from changed_calls)
    union all
    select call_id, queue, happened_at, data1, data2, data3 as step
    from raw.withdrawn_queue_events
    where call_id in (select call_id from changed_calls)
),

visits as (
    select
        case
            when count(case when step = 'connected' then 1 end) = 0
                and count(case when step = 'transferred' and data2 is null then 1 end) > 0
                then add_days_to_time(min(happened_at), -1)
            else coalesce(
                min(
                    add_seconds(
                        happened_at, -(cast(data1 as decimal(18, 6)) + cast(data2 as decimal(18, 6)))
                    )
                ),
                min(happened_at)
            )
        end as began_at
    from events
    where step not in ('aside', 'no_call', 'unknown')
    group by call_id, queue
)

select
    least(
        min(local_day(add_seconds(began_at, -2))),
        add_days(as_of(), 1)
    ) as since
from visits
