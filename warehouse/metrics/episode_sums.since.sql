-- A touched contact changes whether an episode that ended up to W before it was followed by another,
-- and with the days that pass, episodes that ended W ago are settled. facts.contacts_with_neighbours
-- reaches back further, for windows that no metric of tonight looks at. (Episodes are asked for where
-- they are kept, as there.)
with touched as (
    select
        since,
        add_days_to_time(day_start(since), -repeat_window_days()) as reaches_back_to
    from raw.sinces
    where model = 'facts.contacts'
)

select
    least(
        (select since from touched),
        (select since from raw.sinces where model = 'facts.headcount'),
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
