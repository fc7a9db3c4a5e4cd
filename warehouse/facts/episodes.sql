-- Grain: one episode: offered contacts of one identified customer and one reason that overlap in
-- time (nearly always one contact). It belongs to the day of its first queue time.
-- Why: first-call resolution and repeats count episodes. Gaps longer than the longest window
-- reported are not kept: they would make an old row depend on what comes much later.
with contacts as (
    select
        *,
        case when repeat_same_reason() then reason else 'any' end as subject
    from facts.contacts
    where customer_id is not null
        and ended_at >= add_days_to_time(day_start(since()), -longest_window_days())
),

reached as (
    select
        *,
        max(ended_at) over (
            partition by customer_id, subject
            order by queued_at, contact_id
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from contacts
),

numbered as (
    select
        *,
        sum(case when queued_at < reached_at then 0 else 1 end) over (
            partition by customer_id, subject
            order by queued_at, contact_id
            rows between unbounded preceding and current row
        ) as number
    from reached
),

placed as (
    select
        *,
        row_number() over (
            partition by customer_id, subject, number order by queued_at, contact_id
        ) as contact,
        row_number() over (
            partition by customer_id, subject, number, is_handled order by queued_at, contact_id
        ) as contact_of_kind
    from numbered
),

episodes as (
    select
        customer_id,
        subject,
        number,
        min(day) as day,
        min(queued_at) as started_at,
        max(ended_at) as ended_at,
        max(case when contact = 1 then contact_id end) as contact_id,
        max(case when contact = 1 then queue end) as queue,
        max(case when contact = 1 then reason end) as reason,
        max(case when is_handled then 1 else 0 end) = 1 as is_handled,
        max(case when contact_of_kind = 1 and is_handled then agent_id end) as agent_id,
        cast(count(*) as integer) as contacts
    from placed
    group by customer_id, subject, number
),

gaps as (
    select
        *,
        seconds_between(
            lag(ended_at) over (partition by customer_id, subject order by number), started_at
        ) as seconds_since_previous,
        seconds_between(
            ended_at, lead(started_at) over (partition by customer_id, subject order by number)
        ) as seconds_to_next
    from episodes
)

select
    day,
    contact_id as episode_id,
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
