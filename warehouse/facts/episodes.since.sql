-- A touched contact changes what followed on episodes that ended up to the longest window before
-- it, and a leg may now join an episode that began on an earlier day.
with touched as (
    select since
    from raw.sinces
    where model = 'facts.contacts'
)

select
    least(
        (select since from touched),
        (
            select min(day)
            from facts.episodes
            where ended_at >= add_days_to_time(
                day_start((select since from touched)), -longest_window_days()
            )
        )
    ) as since
