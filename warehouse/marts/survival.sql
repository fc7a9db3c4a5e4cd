-- Grain: window (rolling_365, history), scope (all, provider, cohort) and day of tenure: at_risk,
-- departures, survival (share still there after that day), low, high (95 %).
select *
from metrics.survival
order by scope_kind, scope, grain, tenure_days
