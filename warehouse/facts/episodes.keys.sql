-- The customers whose contacts may be others since the day on from which contacts were written anew:
-- those who have some there now, or had. Nobody else's episodes can differ.
with touched as (
    select since
    from raw.sinces
    where model = 'facts.contacts'
)

select customer_id
from facts.contacts
where customer_id is not null
    and day >= (select since from touched)
union
select customer_id
from facts.episodes
where ended_at >= (select day_start(since) from touched)
