-- Grain: one day for which a roster is known on as_of, and the file in force: the last to arrive.
-- Why: a roster is a whole snapshot. One with rows in quarantine is not complete: it proves nobody's
-- absence.
with delivered as (
    select
        snapshot_on,
        file,
        max(arrival) as arrival,
        max(rows_quarantined) = 0 as is_complete
    from raw.roster
    inner join ledger.files using (file)
    where snapshot_on <= as_of()
    group by snapshot_on, file
),

ranked as (
    select
        *,
        row_number() over (partition by snapshot_on order by arrival desc) as place
    from delivered
)

select snapshot_on, file, is_complete
from ranked
where place = 1
