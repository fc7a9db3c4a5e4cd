-- A contact belongs to the day of its first leg: where a touched day holds a later leg of a contact,
-- as it was or as it is, the contact's own day is written again.
with touched as (
    select since
    from raw.sinces
    where model = 'staging.calls'
),

touched_contacts as (
    select contact_id
    from staging.calls
    where day >= (select since from touched)
)

select
    least(
        (select since from touched),
        (
            select min(day)
            from facts.contacts_of_several_legs
            where last_day >= (select since from touched)
        ),
        (
            select min(day)
            from staging.calls
            where contact_id in (select contact_id from touched_contacts)
        )
    ) as since
