-- Grain: local day and scope: metrics.team_days of days whose calls are gone.
-- Why: how large the team was outlives the people. Empty until the first purge.
select day, scope_kind, scope, agents, tenure_days, novices, replacements, growth_hires, departures
from raw.frozen_team_days
where day >= since()
