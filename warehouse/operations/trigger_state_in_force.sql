-- The trigger states that count: those of each night's newest judging.
create view trigger_state_in_force as
select trigger_state.*
from trigger_state
where judging_id in (select max(judging_id) from judging group by as_of);
