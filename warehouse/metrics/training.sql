-- Grain: month, or the 365 days to as_of; training of the whole service, in its currency.
-- Why: what is invested in people, and what of it left with them: a training pays off evenly over 365
-- days, and what it has not yet paid off when somebody leaves is sunk. To replace one takes the
-- training that a hire gets in his first 90 days. Sunk costs of fewer than five leavers are closed.
with months as (
    select
        'month' as grain,
        day as period_start,
        least(last_day_of_month(day), as_of()) as period_end,
        last_day_of_month(day) <= as_of() as is_final
    from raw.calendar
    where day = month_of(day)
        and day >= (select month_of(min(day)) from staging.training)
        and day <= as_of()
),

periods as (
    select grain, period_start, period_end, is_final
    from months
    union all
    select 'rolling_365', add_days(as_of(), -364), as_of(), true
    from staging.training
    having min(day) <= add_days(as_of(), -364)
),

trained as (
    select
        periods.grain,
        periods.period_start,
        count(distinct training.agent_id) as trained_agents,
        sum(training.hours) as hours,
        sum(training.cost) as cost
    from periods
    inner join staging.training as training
        on training.day >= periods.period_start
        and training.day <= periods.period_end
    group by periods.grain, periods.period_start
),

-- What each leaver's training of this employment had not paid off yet, in 365ths.
lost as (
    select
        departures.day,
        departures.agent_id,
        coalesce(
            sum(training.cost * greatest(365 - days_between(training.day, departures.day), 0)), 0
        ) as sunk_cost_365
    from facts.departures as departures
    left join staging.training as training
        on training.agent_id = departures.agent_id
        and training.day <= departures.day
        and training.day >= add_days(departures.day, -departures.tenure_days)
    where departures.is_loss
    group by departures.day, departures.agent_id
),

sunk as (
    select
        periods.grain,
        periods.period_start,
        count(*) as departures,
        sum(lost.sunk_cost_365) as sunk_cost_365
    from periods
    inner join lost on lost.day >= periods.period_start and lost.day <= periods.period_end
    group by periods.grain, periods.period_start
),

-- Hires of whom the first 90 days are over.
prepared as (
    select
        hires.day,
        hires.agent_id,
        coalesce(sum(training.hours), 0) as hours,
        coalesce(sum(training.cost), 0) as cost
    from facts.hires as hires
    left join staging.training as training
        on training.agent_id = hires.agent_id
        and training.day >= hires.day
        and training.day < add_days(hires.day, 90)
    where hires.day >= (select min(day) from staging.training)
        and hires.day <= add_days(as_of(), -90)
    group by hires.day, hires.agent_id
),

replaced as (
    select
        periods.grain,
        periods.period_start,
        count(*) as hires,
        sum(prepared.hours) as hours,
        sum(prepared.cost) as cost
    from periods
    inner join prepared
        on prepared.day >= periods.period_start
        and prepared.day <= periods.period_end
    group by periods.grain, periods.period_start
),

figures as (
    select
        periods.*,
        coalesce(trained.trained_agents, 0) as trained_agents,
        cast(coalesce(trained.hours, 0) as double) as hours,
        cast(coalesce(trained.cost, 0) as double) as cost,
        coalesce(sunk.departures, 0) as departures,
        cast(coalesce(sunk.sunk_cost_365, 0) as double) / 365 as sunk_cost,
        cast(replaced.hours as double) / nullif(cast(replaced.hires as double), 0)
            as hours_to_replace,
        cast(replaced.cost as double) / nullif(cast(replaced.hires as double), 0)
            as cost_to_replace,
        coalesce(sunk.departures, 0) in (1, 2, 3, 4) as is_suppressed
    from periods
    left join trained using (grain, period_start)
    left join sunk using (grain, period_start)
    left join replaced using (grain, period_start)
)

select
    grain,
    period_start,
    period_end,
    'all' as scope_kind,
    'all' as scope,
    site_currency() as currency,
    trained_agents,
    hours,
    cost,
    departures,
    case when not is_suppressed then sunk_cost end as sunk_cost,
    case when not is_suppressed then sunk_cost / nullif(cast(departures as double), 0) end
        as sunk_cost_per_departure,
    hours_to_replace,
    cost_to_replace,
    is_final,
    is_suppressed
from figures
