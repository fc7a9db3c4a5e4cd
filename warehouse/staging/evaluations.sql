-- Grain: one evaluation of one call, delivered once or often.
-- Why: points and kept procedures; an evaluation has no identity but its content.
select distinct
    evaluated_on,
    agent_id,
    call_id,
    cast(score as decimal(18, 6)) as score,
    cast(max_score as decimal(18, 6)) as max_score,
    is_procedure_ok
from raw.evaluations
where evaluated_on <= as_of()
