-- Grain: metric, local day, provider, queue, reason, tenure band and agent: handled contacts, each
-- with the agent who answered it first.
-- Why: what a customer's question takes in all, and of how many customers we know who they are:
-- first-call resolution speaks of these only.
-- since: facts.contacts, facts.headcount
with totals as (
    select
        contacts.day,
        coalesce(headcount.provider, 'unknown') as provider,
        contacts.queue,
        contacts.reason,
        coalesce(headcount.tenure_band, 'unknown') as tenure_band,
        contacts.agent_id,
        cast(count(*) as decimal(38, 15)) as contacts,
        cast(count(contacts.customer_id) as decimal(38, 15)) as identified,
        cast(sum(contacts.handle_seconds) as decimal(38, 15)) as handle_seconds
    from facts.contacts as contacts
    left join facts.headcount as headcount using (day, agent_id)
    where contacts.is_handled
        and day >= since()
    group by
        contacts.day,
        coalesce(headcount.provider, 'unknown'),
        contacts.queue,
        contacts.reason,
        coalesce(headcount.tenure_band, 'unknown'),
        contacts.agent_id
),

ratios as (
    select 'handle_time_per_contact' as metric, *, handle_seconds as numerator
    from totals
    union all
    select 'identified_share', *, identified
    from totals
)

select
    metric,
    day,
    provider,
    queue,
    reason,
    tenure_band,
    agent_id,
    numerator,
    contacts as denominator
from ratios
