-- Grain: one local day from the first call to as_of: its legs, and how many are usual for it.
-- Why: a day without calls is a closed service or a file that never came; the figures beside it do
-- not tell. Usual is the median of the same weekday in the 8 weeks before. The checks of the data
-- and the incident about it read it.
-- since: staging.calls
with history as (
    select min(day) as first_day
    from staging.calls
),

counts as (
    select
        day,
        count(*) as legs
    from staging.calls
    where day >= add_days(since(), -56)
    group by day
),

days as (
    select
        calendar.day,
        coalesce(counts.legs, 0) as legs
    from raw.calendar as calendar
    inner join history on calendar.day >= history.first_day
    left join counts on counts.day = calendar.day
    where calendar.day >= add_days(since(), -56)
        and calendar.day <= as_of()
),

weeks as (
    select * from (values (1), (2), (3), (4), (5), (6), (7), (8)) as weeks (week)
),

compared as (
    select
        days.day,
        days.legs,
        count(earlier.day) as weeks,
        percentile_cont(0.5) within group (order by earlier.legs) as usual_legs
    from days
    cross join weeks
    left join days as earlier on earlier.day = add_days(days.day, -7 * weeks.week)
    where days.day >= since()
    group by days.day, days.legs
)

-- Twice or half as many, and by more than chance: calls that come one by one vary by the root of
-- their number; four of these are no chance.
select
    day,
    legs,
    usual_legs,
    legs = 0 and coalesce(usual_legs, 0) > 0 as is_missing,
    legs > 0
        and weeks >= 4
        and (legs < usual_legs / 2 or legs > usual_legs * 2)
        and (legs - usual_legs) * (legs - usual_legs) > 16 * usual_legs as is_unusual
from compared
