-- The earliest local day of a row that is new, superseded, withdrawn or reinstated tonight, or of
-- one that was handed on to such a row, or of a leg that was assembled anew from events, or the day
-- after the earlier of the previous and the new as_of: time passing is a touch too.
with changed_records as (
    select record_id
    from raw.calls
    inner join ledger.files using (file)
    where change = 'new'
    union all
    select record_id
    from raw.withdrawn_calls
),

touched as (
    select queued_at
    from raw.calls
    where record_id in (select record_id from changed_records)
    union all
    select queued_at
    from raw.calls
    where handed_to in (select record_id from changed_records)
    union all
    select queued_at
    from raw.withdrawn_calls
)

select
    least(
        min(local_day(queued_at)),
        (select since from raw.sinces where model = 'staging.queue_legs'),
        add_days(previous_as_of(), 1),
        add_days(as_of(), 1)
    ) as since
from touched
