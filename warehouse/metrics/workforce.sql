-- Grain: metric, local day, provider, tenure band and agent: agent-days employed.
-- Why: departures over exposure, an annual rate; the exposure is agent-years.
-- since: facts.headcount
with departures as (
    select
        *,
        is_departure
        and coalesce(leave_reason, 'other') not in ('promotion', 'transfer_to_client')
            as is_loss,
        is_departure and coalesce(leave_reason, 'other') = 'voluntary' as is_voluntary
    from facts.headcount
    where day >= since()
),

counts as (
    select 'agent_turnover' as metric, *, case when is_loss then 1 else 0 end as numerator
    from departures
    union all
    select 'voluntary_turnover', *, case when is_voluntary then 1 else 0 end
    from departures
)

select
    metric,
    day,
    provider,
    cast(null as string) as queue,
    cast(null as string) as reason,
    tenure_band,
    agent_id,
    cast(numerator as decimal(38, 15)) as numerator,
    cast(1 / cast(365.25 as double) as decimal(38, 15)) as denominator
from counts
