-- Grain: base, scope and local day: the latest day by which, looking back from this day, five
-- agents had been at work in the group. A period that begins after it rests on fewer than five; no
-- period is longer than 365 days.
-- Why: so that counting agents in any period is one comparison.
-- since: staging.calls, facts.headcount
with days as (
    select base, scope_kind, scope, day, count(*) >= 5 as has_five
    from metrics.presence
    where day >= add_days(since(), -365)
        and day <= as_of()
    group by base, scope_kind, scope, day
),

-- Nearly all days of most groups have five agents of their own. The few that have not look back, and
-- no further than to the last that has: to each day belong the days that may look back to it.
followed as (
    select
        base,
        scope_kind,
        scope,
        day,
        case when has_five then add_days(day, 1) else day end as few_from,
        coalesce(
            min(case when has_five then day end) over (
                partition by base, scope_kind, scope
                order by day
                rows between 1 following and unbounded following
            ),
            add_days(as_of(), 1)
        ) as few_until
    from days
),

-- An agent was last seen on a day until seen again, or for a year.
spans as (
    select
        presence.base,
        presence.scope_kind,
        presence.scope,
        presence.agent_id,
        presence.day,
        followed.few_from,
        least(
            followed.few_until,
            add_days(presence.day, 365),
            lead(presence.day) over (
                partition by
                    presence.base, presence.scope_kind, presence.scope, presence.agent_id
                order by presence.day
            )
        ) as until
    from followed
    inner join metrics.presence as presence
        on presence.base = followed.base
        and presence.scope_kind = followed.scope_kind
        and presence.scope = followed.scope
        and presence.day = followed.day
    where followed.few_until > greatest(followed.few_from, since())
),

looking_back as (
    select
        spans.base,
        spans.scope_kind,
        spans.scope,
        calendar.day,
        spans.day as last_seen_on,
        row_number() over (
            partition by spans.base, spans.scope_kind, spans.scope, calendar.day
            order by spans.day desc nulls last, spans.agent_id nulls last
        ) as place
    from spans
    inner join raw.calendar as calendar
        on calendar.day >= spans.few_from and calendar.day < spans.until
    where calendar.day >= since()
),

found as (
    select base, scope_kind, scope, day, day as five_seen_since
    from days
    where has_five
    union all
    select base, scope_kind, scope, day, last_seen_on
    from looking_back
    where place = 5
)

select base, scope_kind, scope, day, five_seen_since
from found
where day >= since()
    and day > coalesce((select max(day) from raw.frozen_fifth_agent), date '1930-01-01')
union all
select base, scope_kind, scope, day, five_seen_since
from raw.frozen_fifth_agent
where day >= since()
