-- Grain: one hire: the first day of an employment; who comes back within 30 days is no hire.
-- Why: a hire fills the place of a departure of the same provider in the 90 days before it, the
-- oldest that nobody filled yet (`replacement`), or the team grows. Who left before the history began
-- is not known, so the kind of a hire of that time is not either: is_observed.
-- since: first difference
with hires as (
    select
        tenure_from as day,
        agent_id,
        min(case when hired_on = tenure_from then provider end) as provider
    from facts.employment
    group by tenure_from, agent_id
),

-- Departures before the hire, and those of them that are too old to be filled by it.
counted as (
    select
        hires.day,
        hires.agent_id,
        hires.provider,
        count(departures.day) as departed,
        count(departures.day) filter (where departures.day < add_days(hires.day, -90)) as expired
    from hires
    left join facts.departures as departures
        on departures.provider = hires.provider
        and departures.day < hires.day
    group by hires.day, hires.agent_id, hires.provider
),

numbered as (
    select
        *,
        row_number() over (partition by provider order by day, agent_id nulls last) as number
    from counted
),

-- Places closed (filled or expired) after hire n: c(n) = min(max(c(n-1), expired) + 1, departed).
-- Less n that is a walk between two walls, min(max(x, expired - n + 1), departed - n), and so the
-- largest, over all hires up to n, of the lower wall there and every upper wall from there to n.
walls as (
    select
        later.provider,
        later.number,
        earlier.expired - earlier.number + 1 as lower_wall,
        min(later.departed - later.number) over (
            partition by later.provider, earlier.number
            order by later.number
            rows between unbounded preceding and current row
        ) as upper_wall
    from numbered as earlier
    inner join numbered as later
        on later.provider = earlier.provider
        and later.number >= earlier.number
),

closed as (
    select provider, number, max(least(lower_wall, upper_wall)) + number as places
    from walls
    group by provider, number
),

judged as (
    select
        numbered.*,
        greatest(
            expired,
            coalesce(lag(places) over (partition by provider order by number), 0)
        ) < departed as is_replacement
    from numbered
    inner join closed using (provider, number)
)

select
    day,
    agent_id,
    provider,
    case when is_replacement then 'replacement' else 'growth' end as hire_kind,
    day >= (select min(day) from facts.headcount) as is_observed
from judged
