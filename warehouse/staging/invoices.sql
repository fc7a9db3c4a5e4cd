-- Grain: one line of an invoice, delivered once or often; a negative amount is a credit note.
-- Why: what a provider asks for a month. A line has no identity but its content, so a corrected
-- invoice is another line: see facts.costs for months that were billed twice.
with lines as (
    select
        month_of(month) as month,
        provider,
        cast(amount as decimal(18, 6)) as amount,
        currency,
        cast(billed_hours as decimal(18, 6)) as billed_hours,
        cast(billed_seats as decimal(18, 6)) as billed_seats,
        file,
        row_number() over (
            partition by month_of(month), provider, amount, currency, billed_hours, billed_seats
            order by arrival, line
        ) as occurrence
    from raw.invoices
    inner join ledger.files using (file)
    where month_of(month) <= as_of()
)

select month, provider, amount, currency, billed_hours, billed_seats, file
from lines
where occurrence = 1
