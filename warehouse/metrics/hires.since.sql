-- A departure tonight may be that of somebody hired up to 90 days before it.
select add_days(since, -91) as since
from raw.sinces
where model = 'facts.headcount'
