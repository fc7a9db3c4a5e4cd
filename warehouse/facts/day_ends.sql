-- Grain: one local day with contacts of identified customers; when the last of them ended, or of the
-- episodes that began with them.
-- Why: a window that began then is over for all of the day's episodes when it is over for this one.
-- since: facts.contacts_with_neighbours
with ends as (
    select day, ended_at
    from staging.calls
    where customer_id is not null
        and outcome <> 'ignored'
        and day >= since()
    union all
    select day, ended_at
    from facts.contacts_of_several_legs
    where customer_id is not null
        and day >= since()
    union all
    select day, ended_at
    from facts.contacts_with_neighbours
    where day >= since()
)

select
    day,
    max(ended_at) as last_end
from ends
group by day
