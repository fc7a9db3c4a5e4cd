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

-- Through the day before the first with episodes whose window is not over.
settled as (
    select
        metric,
        add_days(min(day), -1) as through
    from metrics.definition
    inner join facts.day_ends
        on last_end > add_days_to_time(day_start(add_days(as_of(), 1)), 1 - lag_days)
    where family in ('episodes', 'longer_windows')
    group by metric
)

select
    definition.metric,
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
        when family in ('episodes', 'longer_windows') then coalesce(settled.through, as_of())
        when family = 'workforce' then add_days(as_of(), -30)
        when family = 'hires' then add_days(as_of(), -90)
        else as_of()
    end as final_through
from metrics.definition
left join frozen
    on frozen.base = case when family in ('workforce', 'hires') then 'workforce' else 'calls' end
left join settled on settled.metric = definition.metric
