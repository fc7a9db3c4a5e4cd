-- Grain: base, scope and local day: the latest day by which, looking back from this day, five
-- agents had been at work in the group. A period that begins after it rests on fewer than five; no
-- period is longer than 365 days.
-- Why: so that counting agents in any period is one comparison.
-- since: staging.calls, facts.headcount
with seen as (
    select base, scope_kind, scope, agent_id, day
    from metrics.presence
    where day >= add_days(since(), -365)
),

-- All days before the first that is asked for are one: the last on which an agent was seen.
marked as (
    select base, scope_kind, scope, agent_id, day, day as seen_on
    from seen
    where day >= since()
    union all
    select base, scope_kind, scope, agent_id, add_days(since(), -1), max(day)
    from seen
    where day < since()
    group by base, scope_kind, scope, agent_id
),

agents as (
    select base, scope_kind, scope, agent_id, min(day) as first_day
    from marked
    group by base, scope_kind, scope, agent_id
),

looking_back as (
    select
        agents.base,
        agents.scope_kind,
        agents.scope,
        agents.agent_id,
        calendar.day,
        max(marked.seen_on) over (
            partition by agents.base, agents.scope_kind, agents.scope, agents.agent_id
            order by calendar.day
            rows between unbounded preceding and current row
        ) as last_seen_on
    from agents
    inner join raw.calendar as calendar
        on calendar.day >= agents.first_day and calendar.day <= as_of()
    left join marked
        on marked.base = agents.base
        and marked.scope_kind = agents.scope_kind
        and marked.scope = agents.scope
        and marked.agent_id = agents.agent_id
        and marked.day = calendar.day
),

ranked as (
    select
        *,
        row_number() over (
            partition by base, scope_kind, scope, day
            order by last_seen_on desc nulls last, agent_id nulls last
        ) as place
    from looking_back
    where day >= since()
        and last_seen_on > add_days(day, -365)
)

select base, scope_kind, scope, day, last_seen_on as five_seen_since
from ranked
where place = 5
    and day > coalesce((select max(day) from raw.frozen_fifth_agent), date '1930-01-01')
union all
select base, scope_kind, scope, day, five_seen_since
from raw.frozen_fifth_agent
where day >= since()
