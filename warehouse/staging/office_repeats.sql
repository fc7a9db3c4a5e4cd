-- Grain: file of invoices or trainings; how many of its rows repeat a row delivered before.
-- Why: rows read = loaded + quarantined + repeats, per file.
with rows_seen as (
    select
        file,
        row_number() over (
            partition by month_of(month), provider, amount, currency, billed_hours, billed_seats
            order by arrival, line
        ) as occurrence
    from raw.invoices
    inner join ledger.files using (file)
    union all
    select
        file,
        row_number() over (partition by day, agent_id, hours, cost order by arrival, line)
    from raw.training
    inner join ledger.files using (file)
)

select
    file,
    count(*) as rows_repeated
from rows_seen
where occurrence > 1
group by file
