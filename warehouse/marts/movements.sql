-- Grain: period (month, rolling_91, rolling_365), scope (all, provider), movement (hire, departure) and
-- reason: people. Hires: replacement, growth; departures: the roster's reasons, and `inferred`.
select *
from metrics.movements
order by scope_kind, scope, grain, period_end, movement, reason
