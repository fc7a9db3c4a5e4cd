-- Grain: file and rule: how many rows were rejected. Their text stays in the quarantine files.
select
    files.feed,
    files.name,
    rejects.rule,
    rejects.rows_rejected as rows
from ledger.rejects as rejects
inner join ledger.files as files using (file)
order by files.arrival, rejects.rule
