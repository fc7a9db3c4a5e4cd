-- Grain: record that came in several rows: versions, repeats or legs of it. Only for tonight: those
-- with a row on a day that is written anew, or that a call of such a day was handed on to.
-- Why: nearly all records are one row, of which there is nothing to find out.
-- for tonight
with recent as (
    select record_id, count(*) as calls
    from raw.calls
    where queued_at >= day_start(since())
    group by record_id
)

select record_id
from recent
where calls > 1
union
select record_id
from raw.calls
where not from_the_beginning()
    and queued_at < day_start(since())
    and record_id in (select record_id from recent)
union
select record_id
from raw.calls
where record_id in (
        select handed_to
        from raw.calls
        where queued_at >= day_start(since())
            and handed_to is not null
    )
group by record_id
having count(*) > 1
