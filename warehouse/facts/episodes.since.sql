-- A touched contact changes what followed on episodes that ended up to the longest window before
-- it, and a leg may now join an episode that began on an earlier day.
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
            from facts.episodes
            where ended_at >= (select reaches_back_to from touched)
        )
    ) as since
