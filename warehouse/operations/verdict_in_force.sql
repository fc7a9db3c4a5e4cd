-- The verdicts that count: those of each night's newest judging.
create view verdict_in_force as
select verdict.*
from verdict
where judging_id in (select max(judging_id) from judging group by as_of);
