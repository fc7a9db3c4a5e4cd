-- Grain: one training of one agent on one day, delivered once or often.
-- Why: what was invested in people; a training has no identity but its content.
select distinct
    day,
    agent_id,
    cast(hours as decimal(18, 6)) as hours,
    cast(cost as decimal(18, 6)) as cost
from raw.training
where day <= as_of()
