-- Grain: one offered contact of an identified customer who had another on the same subject within
-- the longest window before it or after it. All but its day is said of the episode it belongs to:
-- contacts that overlap in time (nearly always one contact), known by the first of them.
-- Why: most contacts have no neighbour, and are episodes of which there is nothing to find out.
-- facts.episodes has all of them.
with legs as (
    select
        day, contact_id, customer_id, reason, queue, agent_id, queued_at, ended_at,
        outcome = 'handled' as is_handled,
        repeat_subject(reason) as subject
    from staging.calls
    where outcome <> 'ignored'
        and customer_id is not null
        and (
            from_the_beginning()
            or (customer_id, repeat_subject(reason)) in (select customer_id, subject from raw.keys)
        )
        and ended_at >= add_days_to_time(day_start(since()), -longest_window_days())
),

beyond_their_day as (
    select contact_id
    from facts.contacts_of_several_legs
    where last_day > day
),

-- As facts.contacts has them; but to ask it would tell the contacts of one leg from others first.
contacts as (
    select
        legs.day, legs.contact_id, legs.customer_id, legs.reason, legs.queue,
        case when legs.is_handled then legs.agent_id end as agent_id,
        legs.queued_at, legs.ended_at, legs.is_handled, legs.subject
    from legs
    left join facts.contacts_of_several_legs as joined
        on joined.contact_id = legs.contact_id
        and joined.day = legs.day
    left join beyond_their_day on beyond_their_day.contact_id = legs.contact_id
    where joined.contact_id is null
        and beyond_their_day.contact_id is null
    union all
    select
        day, contact_id, customer_id, reason, queue, agent_id, queued_at, ended_at, is_handled,
        repeat_subject(reason)
    from facts.contacts_of_several_legs
    where customer_id is not null
        and (
            from_the_beginning()
            or (customer_id, repeat_subject(reason)) in (select customer_id, subject from raw.keys)
        )
        and ended_at >= add_days_to_time(day_start(since()), -longest_window_days())
),

-- What came before each contact, and what comes next.
reached as (
    select
        *,
        max(ended_at) over earlier as reached_at,
        lead(queued_at) over (
            partition by customer_id, subject order by queued_at, contact_id
        ) as next_queued_at
    from contacts
    window earlier as (
        partition by customer_id, subject
        order by queued_at, contact_id
        rows between unbounded preceding and 1 preceding
    )
),

with_neighbours as (
    select *
    from reached
    where reached_at >= add_days_to_time(queued_at, -longest_window_days())
        or next_queued_at <= add_days_to_time(ended_at, longest_window_days())
),

-- Hardly any contacts overlap: each of the others is an episode.
placed as (
    select
        *,
        case when queued_at < reached_at then 0 else 1 end as is_first,
        count(case when is_handled then 1 end) over (
            partition by customer_id, subject
            order by queued_at, contact_id
            rows between unbounded preceding and 1 preceding
        ) as handled_before
    from with_neighbours
    where queued_at < reached_at
        or next_queued_at < ended_at
),

numbered as (
    select
        *,
        sum(is_first) over so_far as number,
        max(case when is_first = 1 then handled_before end) over so_far as handled_before_episode
    from placed
    window so_far as (
        partition by customer_id, subject
        order by queued_at, contact_id
        rows between unbounded preceding and current row
    )
),

-- All that came before an episode ended before it began: what was reached is the previous one's end.
overlapping as (
    select
        day,
        contact_id,
        max(case when is_first = 1 then contact_id end) over episode as episode_id,
        customer_id,
        max(case when is_first = 1 then reason end) over episode as reason,
        max(case when is_first = 1 then queue end) over episode as queue,
        max(case when is_handled and handled_before = handled_before_episode then agent_id end)
            over episode as agent_id,
        min(queued_at) over episode as started_at,
        max(ended_at) over episode as ended_at,
        max(case when is_handled then 1 else 0 end) over episode = 1 as is_handled,
        cast(count(*) over episode as integer) as contacts,
        max(case when is_first = 1 then reached_at end) over episode as previous_ended_at,
        case
            when count(*) over episode = count(next_queued_at) over episode
                then max(next_queued_at) over episode
        end as next_started_at
    from numbered
    window episode as (partition by customer_id, subject, number)
),

episodes as (
    select
        day, contact_id, episode_id, customer_id, reason, queue, agent_id, started_at, ended_at,
        is_handled, contacts, previous_ended_at, next_started_at
    from overlapping
    union all
    select
        day, contact_id, contact_id, customer_id, reason, queue, agent_id, queued_at, ended_at,
        is_handled, 1, reached_at, next_queued_at
    from with_neighbours
    where coalesce(queued_at >= reached_at, true)
        and coalesce(next_queued_at >= ended_at, true)
),

-- Gaps longer than the longest window reported are not kept: they would make an old row depend on
-- what comes much later.
gaps as (
    select
        *,
        seconds_between(previous_ended_at, started_at) as seconds_since_previous,
        seconds_between(ended_at, next_started_at) as seconds_to_next
    from episodes
)

select
    day,
    contact_id,
    episode_id,
    customer_id,
    reason,
    queue,
    agent_id,
    started_at,
    ended_at,
    is_handled,
    contacts,
    cast(
        case
            when seconds_since_previous <= longest_window_days() * 86400
                then seconds_since_previous
        end as decimal(18, 6)
    ) as seconds_since_previous,
    cast(
        case when seconds_to_next <= longest_window_days() * 86400 then seconds_to_next end
        as decimal(18, 6)
    ) as seconds_to_next
from gaps
where day >= since()
-- So that nights find the days that they rewrite together, not among all others.
order by day
