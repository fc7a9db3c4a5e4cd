-- Grain: call file and local day; how many of its rows repeat a row delivered before.
-- Why: rows read = loaded + quarantined + repeats, per file, also after a withdrawal.
-- since: staging.calls
with touched_calls as (
    select call_id
    from raw.calls
    where queued_at >= day_start(since())
    group by call_id
    having count(*) > 1
),

rows_seen as (
    select
        local_day(calls.queued_at) as day,
        calls.file,
        row_number() over (
            partition by
                call_id, contact_id, queued_at, queue, reason, customer_id, agent_id,
                wait_seconds, talk_seconds, hold_seconds, wrap_seconds, outcome, is_transferred,
                updated_at
            order by files.arrival, calls.line
        ) as occurrence
    from raw.calls as calls
    inner join ledger.files as files using (file)
    where queued_at >= day_start(since())
        and call_id in (select call_id from touched_calls)
)

select
    day,
    file,
    count(*) as rows_repeated
from rows_seen
where occurrence > 1
group by day, file
