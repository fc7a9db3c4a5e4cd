-- The earliest local day of an event of a file that is new or withdrawn tonight, or of a leg that may
-- differ: its events are of that day or later.
with changed as (
    select happened_at
    from raw.queue_events
    inner join ledger.files using (file)
    where change = 'new'
    union all
    select happened_at
    from raw.withdrawn_queue_events
)

select
    least(
        local_day(min(happened_at)),
        (select since from raw.sinces where model = 'staging.queue_legs')
    ) as since
from changed
