-- The earliest day of a visit that may differ, or the day after the earlier of the previous and the
-- new as_of.
select
    least(
        min(since),
        add_days(previous_as_of(), 1),
        add_days(as_of(), 1)
    ) as since
from raw.sinces
where model = 'staging.queue_visits'
