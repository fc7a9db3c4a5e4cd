-- Grain: window, scope and day of tenure: at 0, 30, 90, 180 days and whole years, and where anybody
-- left. A curve ends where fewer than five are at risk.
-- Why: how long people stay. survival is the share still there after that day, with its 95 % band;
-- checks/survival.py fills both.
select
    days.grain,
    days.period_start,
    days.period_end,
    days.scope_kind,
    days.scope,
    days.tenure_days,
    days.agents as at_risk,
    days.departures,
    cast(null as double) as survival,
    cast(null as double) as low,
    cast(null as double) as high
from metrics.tenure_days as days
inner join metrics.tenure as tenure using (grain, scope_kind, scope)
where not tenure.is_suppressed
    and days.agents >= 5
    and (days.departures > 0 or days.tenure_days in (0, 30, 90, 180, 365, 730, 1095, 1460, 1825))
