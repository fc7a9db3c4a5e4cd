-- Grain: month, or the 365 days to as_of: hours and cost of training, sunk_cost with those who left
-- (null: fewer than five of them), hours_to_replace and cost_to_replace one (first 90 days of a hire).
select *
from metrics.training
order by grain, period_end
