-- Grain: window (rolling_365, history) and scope (all, provider, cohort): agents, departures, median_*,
-- settled_* (share of novices at which the team settles, by the curve) and rate_* (by the rate alone),
-- log_rank_* (whether the groups of the kind differ), and the share of novices there was.
select
    *,
    cast(novice_agent_days as double) / nullif(cast(agent_days as double), 0) as novice_share
from metrics.tenure
order by scope_kind, scope, grain
