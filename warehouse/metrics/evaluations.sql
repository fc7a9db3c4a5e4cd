-- Grain: metric, local day and finest group: evaluations on their day, answers on their call's.
-- Why: what those who listened to calls, and those who made them, think of the service.
-- since: first difference
with evaluated as (
    select
        evaluations.evaluated_on as day,
        evaluations.agent_id,
        coalesce(calls.queue, 'unknown') as queue,
        coalesce(calls.reason, 'unknown') as reason,
        score,
        max_score,
        case when is_procedure_ok then 1 when not is_procedure_ok then 0 end as is_kept
    from staging.evaluations as evaluations
    left join staging.calls as calls using (call_id)
),

answered as (
    select calls.day, calls.agent_id, calls.queue, calls.reason, score, max_score
    from staging.satisfaction as satisfaction
    inner join staging.calls as calls using (call_id)
),

ratios as (
    select
        'quality_score' as metric, day, agent_id, queue, reason,
        score as numerator, max_score as denominator
    from evaluated
    union all
    select 'procedure_compliance', day, agent_id, queue, reason, is_kept, 1
    from evaluated
    where is_kept is not null
    union all
    select 'satisfaction', day, agent_id, queue, reason, score, max_score
    from answered
)

select
    metric,
    day,
    coalesce(headcount.provider, 'unknown') as provider,
    queue,
    reason,
    coalesce(headcount.tenure_band, 'unknown') as tenure_band,
    agent_id,
    cast(sum(numerator) as decimal(38, 15)) as numerator,
    cast(sum(denominator) as decimal(38, 15)) as denominator
from ratios
left join facts.headcount as headcount using (day, agent_id)
group by
    metric,
    day,
    coalesce(headcount.provider, 'unknown'),
    queue,
    reason,
    coalesce(headcount.tenure_band, 'unknown'),
    agent_id
