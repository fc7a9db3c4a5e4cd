-- Grain: one month; how many subscribers there were, as last delivered.
-- Why: contacts grow with customers; the ratio says whether the service causes more of them.
with counts as (
    select
        month_of(month) as month,
        subscribers,
        row_number() over (
            partition by month_of(month) order by arrival desc, line desc
        ) as place
    from raw.customers
    inner join ledger.files using (file)
)

select
    month,
    cast(subscribers as decimal(18, 6)) as subscribers
from counts
where place = 1
