-- Grain: one offered contact of several legs; it belongs to the local day of its first leg.
-- Why: nearly all contacts are one leg, of which there is nothing to find out. facts.contacts has
-- all of them.
with recent as (
    select contact_id, count(*) as legs
    from staging.calls
    where day >= since()
        and outcome <> 'ignored'
    group by contact_id
),

of_several_legs as (
    select contact_id
    from recent
    where legs > 1
    union
    select contact_id
    from staging.calls
    where not from_the_beginning()
        and day < since()
        and outcome <> 'ignored'
        and contact_id in (select contact_id from recent)
),

legs as (
    select
        *,
        outcome = 'handled' as is_handled,
        add_seconds(queued_at, wait_seconds) as answered_at,
        talk_seconds + hold_seconds + wrap_seconds as handle_seconds
    from staging.calls
    where contact_id in (select contact_id from of_several_legs)
        and outcome <> 'ignored'
),

-- How many legs came before that say something: the one that says it first is the contact's.
placed as (
    select
        *,
        count(*) over earlier as legs_before,
        count(*) over whole as legs,
        count(case when is_handled then 1 end) over earlier as handled_before,
        count(case when queue <> 'unknown' then 1 end) over earlier as queues_before,
        count(case when reason <> 'unknown' then 1 end) over earlier as reasons_before,
        count(customer_id) over earlier as customers_before
    from legs
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
        min(day) as day,
        contact_id,
        min(queued_at) as queued_at,
        max(ended_at) as ended_at,
        coalesce(max(case when queues_before = 0 and queue <> 'unknown' then queue end), 'unknown')
            as queue,
        coalesce(
            max(case when reasons_before = 0 and reason <> 'unknown' then reason end), 'unknown'
        ) as reason,
        max(case when customers_before = 0 then customer_id end) as customer_id,
        coalesce(min(customer_id) = max(customer_id), true) as names_one_customer,
        max(case when is_handled and handled_before = 0 then agent_id end) as agent_id,
        max(case when is_handled then 1 else 0 end) = 1 as is_handled,
        case
            when max(case when is_handled then 1 else 0 end) = 1 then 'handled'
            else max(case when legs_before = legs - 1 then outcome end)
        end as outcome,
        coalesce(
            max(case when is_handled and handled_before = 0 then answered_at end),
            max(case when legs_before = legs - 1 then answered_at end)
        ) as wait_ended_at,
        sum(case when is_handled then handle_seconds else 0 end) as handle_seconds,
        cast(count(*) as integer) as legs,
        max(day) as last_day
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
    names_one_customer,
    agent_id,
    is_handled,
    outcome,
    cast(seconds_between(queued_at, wait_ended_at) as decimal(18, 6)) as wait_seconds,
    cast(handle_seconds as decimal(18, 6)) as handle_seconds,
    legs,
    last_day
from contacts
where day >= since()
