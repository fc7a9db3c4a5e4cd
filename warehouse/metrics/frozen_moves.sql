-- Grain: local day, scope, movement and reason: metrics.moves of days whose calls are gone.
-- Why: who came and went is counted after the people have gone from the rosters. Empty until the
-- first purge.
select day, scope_kind, scope, movement, reason, people
from raw.frozen_moves
where day >= since()
