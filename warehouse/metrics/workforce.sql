-- Grain: metric, local day, provider, tenure band and agent: agent-days employed.
-- Why: departures over exposure, an annual rate; the exposure is agent-years.
-- since: facts.headcount
select
    'agent_turnover' as metric,
    day,
    provider,
    cast(null as varchar) as queue,
    cast(null as varchar) as reason,
    tenure_band,
    agent_id,
    cast(
        case
            when is_departure and coalesce(leave_reason, 'other') not in ('promotion', 'transfer_to_client') then 1
            else 0
        end as decimal(38, 15)
    ) as numerator,
    cast(1 / cast(365.25 as double) as decimal(38, 15)) as denominator
from facts.headcount
where day >= since()
