-- Grain: one metric; since when there is anything to count, and through which day its figures are
-- final: episodes wait for their window, hires for their 90 days, departures for a rehire within 30.
-- Why: periods are made by it, and made again where it moves.
with frozen as (
    select
        case when family in ('workforce', 'hires') then 'workforce' else 'calls' end as base,
        min(day) as first_day
    from metrics.frozen
    inner join metrics.definition using (metric)
    group by case when family in ('workforce', 'hires') then 'workforce' else 'calls' end
),

-- Days of episodes whose window is not over. (Episodes are asked for where they are kept: to tell
-- them apart takes longer, and no leg or contact is before its episode.)
immature as (
    select day
    from staging.calls
    where customer_id is not null
        and outcome <> 'ignored'
        and ended_at > add_days_to_time(day_start(add_days(as_of(), 1)), -repeat_window_days())
    union all
    select day
    from facts.contacts_of_several_legs
    where customer_id is not null
        and ended_at > add_days_to_time(day_start(add_days(as_of(), 1)), -repeat_window_days())
    union all
    select day
    from facts.contacts_with_neighbours
    where ended_at > add_days_to_time(day_start(add_days(as_of(), 1)), -repeat_window_days())
)

select
    metric,
    family,
    version,
    case when family in ('workforce', 'hires') then 'workforce' else 'calls' end as base,
    least(
        frozen.first_day,
        case
            when family in ('workforce', 'hires') then (select min(day) from facts.headcount)
            else (select min(day) from staging.calls)
        end
    ) as first_day,
    case
        when family = 'episodes' then coalesce(
            (
                select add_days(min(day), -1)
                from immature
            ),
            as_of()
        )
        when family = 'workforce' then add_days(as_of(), -30)
        when family = 'hires' then add_days(as_of(), -90)
        else as_of()
    end as final_through
from metrics.definition
left join frozen
    on frozen.base = case when family in ('workforce', 'hires') then 'workforce' else 'calls' end
