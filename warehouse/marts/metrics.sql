-- Grain: metric, period and scope: metrics.period as the dashboards read it.
-- Sorted by what a page asks for: one scope and grain of many metrics.
select *
from metrics.period
order by scope_kind, scope, grain, metric, period_end
