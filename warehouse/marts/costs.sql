-- Grain: one month from the first invoice on: what it cost (in `currency`) and what for, its state
-- (open, waiting, billed_twice, incomplete, invoiced: only the last has a cost), and the cost of a contact.
-- first_contacts (openers) and resolved_contacts are null until all of a month's are mature.
with contacts as (
    select
        period_start as month,
        max(case when metric = 'identified_share' then denominator end) as handled_contacts,
        max(
            case when metric = 'first_call_resolution' and is_final then denominator end
        ) as first_contacts,
        max(
            case when metric = 'first_call_resolution' and is_final then numerator end
        ) as resolved_contacts,
        max(case when metric = 'cost_per_handled_contact' then value end) as cost_per_handled_contact,
        max(
            case when metric = 'cost_per_resolved_contact' then value end
        ) as cost_per_resolved_contact
    from metrics.period
    where grain = 'month'
        and scope_kind = 'all'
    group by period_start
)

select
    month,
    state,
    currency,
    cast(invoiced as double) as invoiced,
    cast(billed_hours as double) as billed_hours,
    cast(billed_seats as double) as billed_seats,
    cast(training_hours as double) as training_hours,
    cast(training_cost as double) as training_cost,
    cast(own_management as double) as own_management,
    cast(cost as double) as cost,
    handled_contacts,
    first_contacts,
    resolved_contacts,
    cost_per_handled_contact,
    cost_per_resolved_contact
from facts.costs
left join contacts using (month)
order by month
