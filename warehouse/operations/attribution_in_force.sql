-- The attributions that count: those of each night's newest judging.
create view attribution_in_force as
select attribution.*
from attribution
where judging_id in (select max(judging_id) from judging group by as_of);
