-- Grain: roster file; how many of its rows repeat a row delivered before. Rosters of different
-- dates are different snapshots, not repeats.
-- Why: rows read = loaded + quarantined + repeats, per file.
with rows_seen as (
    select
        file,
        row_number() over (
            partition by
                snapshot_on, agent_id, provider, team, role, hired_on, left_on, leave_reason, fte
            order by arrival, line
        ) as occurrence
    from raw.roster
    inner join ledger.files using (file)
)

select
    file,
    count(*) as rows_repeated
from rows_seen
where occurrence > 1
group by file
