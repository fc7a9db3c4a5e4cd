-- Grain: one offered contact; it belongs to the local day of its first leg.
-- Why: service level, waiting and abandonment are about customers, not about legs.
with recent as (
    select distinct contact_id
    from facts.calls
    where day >= since()
),

legs as (
    select
        *,
        add_seconds(queued_at, wait_seconds) as answered_at,
        add_seconds(queued_at, wait_seconds + talk_seconds + hold_seconds) as ended_at,
        row_number() over (partition by contact_id order by queued_at, call_id) as leg,
        row_number() over (partition by contact_id order by queued_at desc, call_id desc)
            as leg_from_last,
        row_number() over (
            partition by contact_id, is_handled order by queued_at, call_id
        ) as leg_of_kind,
        row_number() over (
            partition by contact_id, queue = 'unknown' order by queued_at, call_id
        ) as leg_of_queue,
        row_number() over (
            partition by contact_id, reason = 'unknown' order by queued_at, call_id
        ) as leg_of_reason,
        row_number() over (
            partition by contact_id, customer_id is null order by queued_at, call_id
        ) as leg_of_customer
    from facts.calls
    where contact_id in (select contact_id from recent)
),

contacts as (
    select
        contact_id,
        min(day) as day,
        min(queued_at) as queued_at,
        max(ended_at) as ended_at,
        coalesce(max(case when leg_of_queue = 1 and queue <> 'unknown' then queue end), 'unknown')
            as queue,
        coalesce(max(case when leg_of_reason = 1 and reason <> 'unknown' then reason end), 'unknown')
            as reason,
        max(case when leg_of_customer = 1 then customer_id end) as customer_id,
        max(case when is_handled then 1 else 0 end) = 1 as is_handled,
        max(case when leg_of_kind = 1 and is_handled then answered_at end) as answered_at,
        max(case when leg_of_kind = 1 and is_handled then agent_id end) as agent_id,
        max(case when leg_from_last = 1 then answered_at end) as last_wait_ended_at,
        max(case when leg_from_last = 1 then outcome end) as last_outcome,
        sum(case when is_handled then handle_seconds else 0 end) as handle_seconds,
        cast(count(*) as integer) as legs,
        max(day) as last_day
    from legs
    group by contact_id
)

select
    day,
    contact_id,
    queued_at,
    ended_at,
    queue,
    reason,
    customer_id,
    agent_id,
    is_handled,
    case when is_handled then 'handled' else last_outcome end as outcome,
    cast(
        seconds_between(queued_at, case when is_handled then answered_at else last_wait_ended_at end)
        as decimal(18, 6)
    ) as wait_seconds,
    cast(handle_seconds as decimal(18, 6)) as handle_seconds,
    legs,
    last_day
from contacts
where day >= since()
