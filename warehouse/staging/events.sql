-- Grain: one dated event: a new procedure, a campaign, an outage.
-- Why: a chart that turns on such a day explains itself.
select distinct day, label
from raw.events
