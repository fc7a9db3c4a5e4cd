-- Grain: one metric, with its formula, parameters and version.
select metric, kind, unit, formula, parameters, version, lag_days
from metrics.definition
order by metric
