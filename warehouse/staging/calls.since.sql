-- The earliest local day of a row that is new, superseded, withdrawn or reinstated tonight, or the
-- day after the earlier of the previous and the new as_of: time passing is a touch too.
with changed_calls as (
    select call_id, queued_at
    from raw.calls
    inner join ledger.files using (file)
    where change = 'new'
    union all
    select call_id, queued_at
    from staging.calls
    inner join ledger.files using (file)
    where change = 'withdrawn'
),

touched as (
    select queued_at
    from changed_calls
    union all
    select queued_at
    from raw.calls
    where call_id in (select call_id from changed_calls)
)

select
    least(
        min(local_day(queued_at)),
        add_days(previous_as_of(), 1),
        add_days(as_of(), 1)
    ) as since
from touched
