-- Grain: one file, in order of arrival. Rows read = loaded + quarantined + repeated, always; and of
-- calls, rows loaded = legs + no calls + pending + unknown + replaced: nothing is lost in silence.
-- `rows_taken_for_first_hour` say a local time that comes twice in October, which is read as the first.
-- Rows are source records; those of an event log are events, and legs those that legs are made of.
with gone as (
    select
        file,
        sum(rows_repeated) as rows_repeated,
        sum(rows_replaced) as rows_replaced,
        sum(legs_gone) as legs,
        sum(no_calls_gone) as no_calls,
        sum(pending_gone) as pending
    from staging.call_repeats
    group by file
    union all
    select file, rows_repeated, null, null, null, null
    from staging.roster_repeats
    union all
    select file, rows_repeated, null, null, null, null
    from staging.office_repeats
),

events as (
    select
        file,
        sum(events) filter (where event_use = 'repeat') as repeats,
        coalesce(sum(events) filter (where event_use = 'leg'), 0) as legs,
        coalesce(sum(events) filter (where event_use = 'no_call'), 0) as no_calls,
        coalesce(sum(events) filter (where event_use = 'pending'), 0) as pending,
        coalesce(sum(events) filter (where event_use = 'unknown'), 0) as unknown
    from staging.queue_intake
    group by file
)

select
    feed,
    name,
    substr(file, 1, 12) as file,
    arrived_at,
    rows_read,
    cast(rows_raw - coalesce(gone.rows_repeated, events.repeats, 0) as bigint) as rows_loaded,
    rows_quarantined,
    cast(coalesce(gone.rows_repeated, events.repeats, 0) as bigint) as rows_repeated,
    cast(coalesce(rows_legs - coalesce(gone.legs, 0), events.legs) as bigint) as rows_legs,
    cast(coalesce(rows_no_calls - coalesce(gone.no_calls, 0), events.no_calls) as bigint)
        as rows_no_calls,
    cast(coalesce(rows_pending - coalesce(gone.pending, 0), events.pending) as bigint)
        as rows_pending,
    cast(case when feed = 'calls' then coalesce(events.unknown, 0) end as bigint) as rows_unknown,
    cast(case when feed = 'calls' then coalesce(gone.rows_replaced, 0) end as bigint)
        as rows_replaced,
    rows_taken_for_first_hour,
    first_day,
    last_day,
    'loaded' as state
from ledger.files
left join gone using (file)
left join events using (file)
order by arrival
