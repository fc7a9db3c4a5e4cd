-- Grain: period (month, rolling_91, rolling_365), scope (all, provider), movement (hire, departure) and
-- reason: the kind of a hire, why somebody left (inferred: nobody said; he was on the next roster no
-- more). People counted.
-- Why: who came and went, and why. Groups that turnover closes are left out.
-- by: period_end
with periods as (
    select grain, period_start, period_end, scope_kind, scope, is_final
    from metrics.period
    where metric = 'agent_turnover'
        and grain in ('month', 'rolling_91', 'rolling_365')
        and period_end >= since()
        and not is_suppressed
)

select
    periods.grain,
    periods.period_start,
    periods.period_end,
    periods.scope_kind,
    periods.scope,
    moves.movement,
    moves.reason,
    cast(sum(moves.people) as bigint) as people,
    periods.is_final
from periods
inner join metrics.moves as moves
    on moves.scope_kind = periods.scope_kind
    and moves.scope = periods.scope
    and moves.day >= periods.period_start
    and moves.day <= periods.period_end
group by
    periods.grain,
    periods.period_start,
    periods.period_end,
    periods.scope_kind,
    periods.scope,
    moves.movement,
    moves.reason,
    periods.is_final
