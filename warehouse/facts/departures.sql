-- Grain: one departure: an agent's last day of employment, taken back by a rehire within 30 days.
-- Why: who left, from whom, after how long and why. Turnover, the label of hires and the training
-- that left with people rest on it.
-- since: first difference
select
    left_on as day,
    agent_id,
    provider,
    coalesce(leave_reason, 'other') as leave_reason,
    coalesce(leave_reason, 'other') not in ('promotion', 'transfer_to_client') as is_loss,
    is_departure_inferred as is_inferred,
    days_between(tenure_from, left_on) as tenure_days
from facts.employment
where is_departure
