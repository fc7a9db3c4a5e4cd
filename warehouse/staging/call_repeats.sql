-- Grain: call file and local day; how many of its records repeat one delivered before.
-- Why: rows read = loaded + quarantined + repeats, per file, also after a withdrawal.
-- since: staging.calls
with touched_records as (
    select record_id
    from raw.calls
    where queued_at >= day_start(since())
    group by record_id
    having count(*) > 1
),

rows_seen as (
    select
        local_day(calls.queued_at) as day,
        calls.file,
        calls.line,
        row_number() over (
            partition by
                record_id, content, call_id, contact_id, queued_at, queue, reason, customer_id,
                agent_id, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, outcome,
                is_transferred, updated_at, status, handed_to, arrived_by
            order by files.arrival, calls.line
        ) as occurrence
    from raw.calls as calls
    inner join ledger.files as files using (file)
    where queued_at >= day_start(since())
        and record_id in (select record_id from touched_records)
)

select
    day,
    file,
    count(distinct line) as rows_repeated
from rows_seen
where occurrence > 1
group by day, file
