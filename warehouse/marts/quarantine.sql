-- Grain: file and rule: how many rows were rejected, and of how many a corrected one came later
-- (closed). Their text stays in the quarantine files.
select
    files.feed,
    files.name,
    substr(files.file, 1, 12) as file,
    quarantine.rule,
    count(*) as rows,
    count(*) filter (where not quarantine.is_closed) as rows_open,
    count(*) filter (where quarantine.is_closed) as rows_closed
from staging.quarantine as quarantine
inner join ledger.files as files using (file)
group by files.feed, files.name, files.file, files.arrival, quarantine.rule
order by files.arrival, quarantine.rule
