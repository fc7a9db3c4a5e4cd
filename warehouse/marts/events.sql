-- Grain: one dated event.
-- Why: drawn on every chart. The days on which charts begin a new reference are marked by the flows.
select day, label
from staging.events
order by day, label
