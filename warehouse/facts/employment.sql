-- Grain: one spell of staging.employment, with what the other spells of the agent make of it.
-- Why: a rehire within 30 days is a suspension: tenure goes on and the departure is taken back.
with neighbours as (
    select
        *,
        lag(left_on) over (partition by agent_id order by hired_on) as previous_left_on,
        lead(hired_on) over (partition by agent_id order by hired_on) as next_hired_on
    from staging.employment
    where hired_on <= as_of()
),

numbered as (
    select
        *,
        sum(
            case when days_between(previous_left_on, hired_on) <= 30 then 0 else 1 end
        ) over (partition by agent_id order by hired_on) as employment_number
    from neighbours
)

select
    agent_id,
    provider,
    team,
    hired_on,
    min(hired_on) over (partition by agent_id, employment_number) as tenure_from,
    left_on,
    leave_reason,
    is_departure_inferred,
    coalesce(left_on <= as_of(), false)
        and coalesce(days_between(left_on, next_hired_on) > 30, true) as is_departure,
    fte
from numbered
