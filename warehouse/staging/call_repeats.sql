-- Grain: call file and local day; how many of its records repeat one delivered before, how many were
-- replaced by a newer version, and what those were: legs, no calls or pending.
-- Why: rows read = loaded + quarantined + repeats, and rows loaded = legs + no calls + pending +
-- replaced, per file, also after a withdrawal. A record belongs to the day of its first leg.
-- since: staging.calls
with versions as (
    select
        record_id,
        queued_at,
        updated_at,
        calls.file,
        calls.line,
        files.arrival,
        case
            when status = 'leg' and outcome <> 'ignored' then 'a leg'
            when status = 'pending' then 'pending'
            else 'no call'
        end as call_use,
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

ranked as (
    select
        *,
        rank() over (
            partition by record_id, occurrence = 1
            order by updated_at desc nulls last, arrival desc, line desc
        ) as place
    from versions
),

records as (
    select
        file,
        min(queued_at) as queued_at,
        min(call_use) as call_use,
        max(occurrence) > 1 as is_repeated,
        max(occurrence) = 1 and min(place) > 1 as is_replaced
    from ranked
    group by file, line, record_id
)

select
    local_day(queued_at) as day,
    file,
    count(*) filter (where is_repeated) as rows_repeated,
    count(*) filter (where is_replaced) as rows_replaced,
    count(*) filter (where call_use = 'a leg') as legs_gone,
    count(*) filter (where call_use = 'no call') as no_calls_gone,
    count(*) filter (where call_use = 'pending') as pending_gone
from records
where (is_repeated or is_replaced)
    and queued_at >= day_start(since())
group by local_day(queued_at), file
