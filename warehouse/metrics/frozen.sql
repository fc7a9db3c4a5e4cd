-- Grain: metric, local day, provider, queue, reason and tenure band; of days whose calls retention
-- has removed, or of whose calls the episodes before them are gone.
-- Why: aggregates outlive the calls that they were made of. metrics.daily reads it instead of what
-- can be counted yet, through its last day. Empty until the first purge.
select metric, day, provider, queue, reason, tenure_band, numerator, denominator
from raw.frozen_daily
where day >= since()
