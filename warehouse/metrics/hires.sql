-- Grain: metric, day of hire, provider and agent: hires of at least 90 days ago.
-- Why: who leaves within 90 days took his training with him.
with hires as (
    select
        tenure_from as day,
        agent_id,
        min(case when hired_on = tenure_from then provider end) as provider,
        max(case when is_departure then left_on end) as departed_on
    from facts.employment
    group by tenure_from, agent_id
)

select
    'early_attrition' as metric,
    day,
    provider,
    cast(null as string) as queue,
    cast(null as string) as reason,
    cast(null as string) as tenure_band,
    agent_id,
    cast(
        case when days_between(day, departed_on) < 90 then 1 else 0 end as decimal(38, 15)
    ) as numerator,
    cast(1 as decimal(38, 15)) as denominator
from hires
where day <= add_days(as_of(), -90)
    and day >= since()
    and day >= (select min(day) from facts.headcount)
