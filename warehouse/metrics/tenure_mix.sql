-- Grain: metric, local day, reason, tenure band and hire label; nobody is named.
-- Why: how much of a metric rests on whom: agents of less than 365 days fill a place, make the team
-- grow, or were hired before anybody knew who had left. The attribution of a change reads it.
-- since: metrics.leg_sums, metrics.episodes, facts.hires
with answers as (
    select metric, day, reason, tenure_band, agent_id, numerator, denominator
    from metrics.episodes
    where metric = 'first_call_resolution'
        and day >= since()
    union all
    select metric, day, reason, tenure_band, agent_id, numerator, denominator
    from metrics.legs
    where metric = 'average_handle_time'
        and day >= since()
),

-- Departures of the 90 days before the rosters began are not known: growth may be none.
labels as (
    select
        hires.agent_id,
        hires.day as hired_on,
        case
            when hires.hire_kind = 'replacement' then 'replacement'
            when hires.day >= add_days(beginning.day, 90) then 'growth'
            else 'earlier'
        end as hire_label
    from facts.hires as hires
    cross join (select min(day) as day from facts.headcount) as beginning
)

select
    answers.metric,
    answers.day,
    answers.reason,
    answers.tenure_band,
    case when answers.tenure_band not in ('365+', 'unknown') then labels.hire_label end
        as hire_label,
    cast(sum(answers.numerator) as double) as numerator,
    cast(sum(answers.denominator) as double) as denominator,
    cast(sum(headcount.tenure_days * answers.denominator) as double) as tenure_days,
    cast(sum(headcount.tenure_days * headcount.tenure_days * answers.denominator) as double)
        as tenure_days_squared
from answers
left join facts.headcount as headcount using (day, agent_id)
left join labels
    on labels.agent_id = answers.agent_id
    and labels.hired_on = add_days(answers.day, -headcount.tenure_days)
group by
    answers.metric,
    answers.day,
    answers.reason,
    answers.tenure_band,
    case when answers.tenure_band not in ('365+', 'unknown') then labels.hire_label end
