-- A touched contact changes whether an episode that ended up to W before it was followed by another,
-- and with the days that pass, episodes that ended W ago are settled. facts.episodes itself reaches
-- back further, for windows that no metric of tonight looks at.
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
            from facts.episodes
            where ended_at >= (select reaches_back_to from touched)
        )
    ) as since
