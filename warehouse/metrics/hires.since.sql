-- A departure tonight may be that of somebody hired up to 90 days before it, and whoever was hired
-- 90 days before as_of is counted from tonight on.
select
    add_days(
        least(since, add_days(previous_as_of(), 1), add_days(as_of(), 1)),
        -91
    ) as since
from raw.sinces
where model = 'facts.headcount'
