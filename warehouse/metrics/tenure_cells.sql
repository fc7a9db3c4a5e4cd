-- Grain: metric, 91-day block, agent, reason and tenure band: calls of agents on the roster.
-- Why: what tenure does to first-call resolution and handle time is learnt from these cells; the
-- squares tell how calls of one cell differ. checks/tenure_fit.py reads them, and nobody else.
-- by: block_start
with answers as (
    select
        'first_call_resolution' as metric,
        episodes.day,
        episodes.agent_id,
        episodes.reason,
        headcount.tenure_band,
        headcount.tenure_days,
        episodes.numerator,
        episodes.denominator,
        episodes.numerator as squares
    from metrics.episodes as episodes
    inner join facts.headcount as headcount using (day, agent_id)
    where metric = 'first_call_resolution'
        and day >= since()
    union all
    select
        'average_handle_time',
        calls.day,
        calls.agent_id,
        calls.reason,
        headcount.tenure_band,
        headcount.tenure_days,
        calls.handle_seconds,
        1,
        cast(calls.handle_seconds as decimal(15, 3)) * cast(calls.handle_seconds as decimal(15, 3))
    from facts.calls as calls
    inner join facts.headcount as headcount using (day, agent_id)
    where is_handled
        and day >= since()
)

select
    metric,
    block_of(day) as block_start,
    agent_id,
    reason,
    tenure_band,
    cast(sum(numerator) as double) as numerator,
    cast(sum(denominator) as double) as denominator,
    cast(sum(squares) as double) as squares,
    cast(sum(tenure_days * denominator) as double) as tenure_days,
    cast(sum(tenure_days * tenure_days * denominator) as double) as tenure_days_squared,
    min(tenure_days) as first_tenure_days
from answers
group by metric, block_of(day), agent_id, reason, tenure_band
