-- Grain: one file, in order of arrival. Rows read = loaded + quarantined + repeated, always.
with repeats as (
    select file, sum(rows_repeated) as rows_repeated
    from staging.call_repeats
    group by file
    union all
    select file, rows_repeated
    from staging.roster_repeats
    union all
    select file, rows_repeated
    from staging.office_repeats
    union all
    select file, sum(events)
    from staging.queue_intake
    where event_use = 'repeat'
    group by file
)

select
    feed,
    name,
    substr(file, 1, 12) as file,
    arrived_at,
    rows_read,
    cast(rows_raw - coalesce(rows_repeated, 0) as bigint) as rows_loaded,
    rows_quarantined,
    cast(coalesce(rows_repeated, 0) as bigint) as rows_repeated,
    first_day,
    last_day,
    'loaded' as state
from ledger.files
left join repeats using (file)
order by arrival
