-- Grain: agent and local day of employment, left_on included.
-- Why: tenure, provider and the exposure of every rate of the workforce come from here.
-- It begins with the month of the first call; where there are no calls, a year before the first
-- roster. Of the time before, a roster only knows those who stayed: nobody seems to have left.
-- since: first difference
with beginning as (
    select
        coalesce(
            (select month_of(min(day)) from staging.calls),
            (select add_days(min(snapshot_on), -365) from staging.snapshots)
        ) as first_day
),

days as (
    select
        calendar.day,
        employment.*,
        row_number() over (
            partition by calendar.day, employment.agent_id order by employment.hired_on desc
        ) as place
    from facts.employment as employment
    inner join raw.calendar as calendar
        on calendar.day >= employment.hired_on
        and calendar.day <= coalesce(employment.left_on, as_of())
    where calendar.day <= as_of()
        and calendar.day >= (select first_day from beginning)
)

select
    day,
    agent_id,
    provider,
    days_between(tenure_from, day) as tenure_days,
    case
        when days_between(tenure_from, day) < 30 then '0-29'
        when days_between(tenure_from, day) < 90 then '30-89'
        when days_between(tenure_from, day) < 180 then '90-179'
        when days_between(tenure_from, day) < 365 then '180-364'
        else '365+'
    end as tenure_band,
    is_departure and left_on = day as is_departure,
    case when is_departure and left_on = day then leave_reason end as leave_reason
from days
where place = 1
