-- Grain: one offered contact; it belongs to the local day of its first leg.
-- Why: service level, waiting and abandonment are about customers, not about legs.
with recent as (
    select contact_id, count(*) as legs
    from facts.calls
    where day >= since()
    group by contact_id
),

-- Nearly all contacts are one leg; only of the others there is something to find out.
of_several_legs as (
    select contact_id
    from recent
    where legs > 1
    union
    select contact_id
    from facts.calls
    where day < since()
        and contact_id in (select contact_id from facts.calls where day >= since())
),

-- How many legs came before that say something: the one that says it first is the contact's.
placed as (
    select
        *,
        add_seconds(queued_at, wait_seconds) as answered_at,
        count(*) over earlier as legs_before,
        count(*) over whole as legs,
        count(case when is_handled then 1 end) over earlier as handled_before,
        count(case when queue <> 'unknown' then 1 end) over earlier as queues_before,
        count(case when reason <> 'unknown' then 1 end) over earlier as reasons_before,
        count(customer_id) over earlier as customers_before
    from facts.calls
    where contact_id in (select contact_id from of_several_legs)
    window
        earlier as (
            partition by contact_id order by queued_at, call_id
            rows between unbounded preceding and 1 preceding
        ),
        whole as (
            partition by contact_id order by queued_at, call_id
            rows between unbounded preceding and unbounded following
        )
),

contacts as (
    select
        day,
        contact_id,
        queued_at,
        add_seconds(queued_at, wait_seconds + talk_seconds + hold_seconds) as ended_at,
        queue,
        reason,
        customer_id,
        case when is_handled then agent_id end as agent_id,
        is_handled,
        outcome,
        add_seconds(queued_at, wait_seconds) as wait_ended_at,
        case when is_handled then handle_seconds else 0 end as handle_seconds,
        1 as legs,
        day as last_day
    from facts.calls
    where day >= since()
        and contact_id not in (select contact_id from of_several_legs)
    union all
    select
        min(day),
        contact_id,
        min(queued_at),
        max(add_seconds(queued_at, wait_seconds + talk_seconds + hold_seconds)),
        coalesce(max(case when queues_before = 0 and queue <> 'unknown' then queue end), 'unknown'),
        coalesce(
            max(case when reasons_before = 0 and reason <> 'unknown' then reason end), 'unknown'
        ),
        max(case when customers_before = 0 then customer_id end),
        max(case when is_handled and handled_before = 0 then agent_id end),
        max(case when is_handled then 1 else 0 end) = 1,
        case
            when max(case when is_handled then 1 else 0 end) = 1 then 'handled'
            else max(case when legs_before = legs - 1 then outcome end)
        end,
        coalesce(
            max(case when is_handled and handled_before = 0 then answered_at end),
            max(case when legs_before = legs - 1 then answered_at end)
        ),
        sum(case when is_handled then handle_seconds else 0 end),
        cast(count(*) as integer),
        max(day)
    from placed
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
    outcome,
    cast(seconds_between(queued_at, wait_ended_at) as decimal(18, 6)) as wait_seconds,
    cast(handle_seconds as decimal(18, 6)) as handle_seconds,
    legs,
    last_day
from contacts
where day >= since()
