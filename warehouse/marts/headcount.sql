-- Grain: period and scope (those of agent_turnover): headcount and mean_tenure_days on the last day,
-- agent_days, novice_agent_days (tenure under 90 days), replacement_hires, growth_hires, departures,
-- is_final, is_suppressed. Mean headcount is agent_days by the days of the period.
select *
from metrics.headcount
order by scope_kind, scope, grain, period_end
