-- Grain: metric, period and scope: metrics.period as the dashboards read it.
select *
from metrics.period
order by metric, scope_kind, scope, grain, period_end
