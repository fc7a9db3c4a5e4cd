-- The customers and subjects whose contacts may have other neighbours since the day on from which
-- contacts were written anew: those that have some there now, or had, with neighbours. No others can
-- differ.
with touched as (
    select since
    from raw.sinces
    where model = 'facts.contacts'
)

select customer_id, repeat_subject(reason) as subject
from staging.calls
where customer_id is not null
    and day >= (select since from touched)
union
select customer_id, repeat_subject(reason)
from facts.contacts_of_several_legs
where customer_id is not null
    and day >= (select since from touched)
union
select customer_id, repeat_subject(reason)
from facts.contacts_with_neighbours
where ended_at >= (select day_start(since) from touched)
