-- Grain: one part of the service that has figures of its own, large enough to be shown.
-- Why: what a page offers to filter by.
select scope_kind, scope
from metrics.period
where not is_suppressed
group by scope_kind, scope
order by scope_kind, scope
