-- A touched contact changes whether an episode that ended up to W before it was followed by another,
-- and with the days that pass, episodes that ended W ago are settled. facts.contacts_with_neighbours
-- reaches back further, for longer windows.
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
            from facts.day_ends
            where last_end >= (select reaches_back_to from touched)
        )
    ) as since
