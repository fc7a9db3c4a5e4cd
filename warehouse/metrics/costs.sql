-- Grain: metric and month (on its last day) whose cost is known, of the whole service.
-- Why: what a contact costs. Only months that lie wholly within the history count, and resolved
-- contacts wait until all openers of the month are mature: half of a month is no dearer month.
-- since: first difference
with bounds as (
    select
        (select min(day) from staging.calls) as first_day,
        (
            select final_through
            from metrics.history
            where metric = 'first_call_resolution'
        ) as resolved_through
),

-- Nights on which no month has a cost read nothing.
days as (
    select calendar.day, costs.month
    from facts.costs as costs
    inner join raw.calendar as calendar
        on calendar.day >= costs.month and calendar.day <= last_day_of_month(costs.month)
    where costs.cost is not null
),

handled as (
    select month, sum(handled) as contacts
    from metrics.contact_sums
    inner join days using (day)
    group by month
),

resolved as (
    select month, sum(episodes) as openers
    from metrics.episode_sums
    inner join days using (day)
    where is_mature
        and is_opener
        and repeated_after_days is null
    group by month
),

ratios as (
    select
        'cost_per_handled_contact' as metric, month, cost as numerator, contacts as denominator
    from facts.costs
    cross join bounds
    inner join handled using (month)
    where month >= first_day
    union all
    select 'cost_per_resolved_contact', month, cost, openers
    from facts.costs
    cross join bounds
    inner join resolved using (month)
    where month >= add_days(first_day, repeat_window_days())
        and last_day_of_month(month) <= resolved_through
)

select
    metric,
    last_day_of_month(month) as day,
    cast(null as string) as provider,
    cast(null as string) as queue,
    cast(null as string) as reason,
    cast(null as string) as tenure_band,
    cast(null as string) as agent_id,
    cast(numerator as decimal(38, 15)) as numerator,
    cast(denominator as decimal(38, 15)) as denominator
from ratios
where denominator > 0
