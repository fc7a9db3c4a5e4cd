-- A touched contact is a neighbour of contacts, or was, that ended up to the longest window before
-- it, and it may join an episode that began on an earlier day. (Contacts are asked for where they are
-- kept: to tell those of one leg from others takes longer, and no leg is before its contact.)
with touched as (
    select
        since,
        add_days_to_time(day_start(since), -longest_window_days()) as reaches_back_to
    from raw.sinces
    where model = 'facts.contacts'
)

select
    least(
        (select since from touched),
        (
            select min(day)
            from staging.calls
            where customer_id is not null
                and outcome <> 'ignored'
                and ended_at >= (select reaches_back_to from touched)
        ),
        (
            select min(day)
            from facts.contacts_of_several_legs
            where customer_id is not null
                and ended_at >= (select reaches_back_to from touched)
        ),
        (
            select min(day)
            from facts.contacts_with_neighbours
            where ended_at >= (select reaches_back_to from touched)
        )
    ) as since
