-- Grain: one month from the first invoice on, to that of as_of; amounts in the site's currency.
-- Why: what the service cost, and whether that is known: a month that is not over (open), that a
-- provider has yet to bill (waiting) or has billed in two files, both asking for money, so that nobody
-- can tell a correction from a mistake (billed_twice), or of which a line of an invoice is in quarantine
-- (incomplete), has no cost; one that is invoiced has.
with invoices as (
    select
        *,
        -- Regulation (EC) 2866/98: 1 EUR = 6.55957 FRF.
        case
            when currency = site_currency() then amount * 1.000000000000000
            when currency = 'EUR' then amount * 6.559570000000000
            else amount * 0.152449017237410
        end as cost
    from staging.invoices
),

by_provider as (
    select
        month,
        provider,
        sum(cost) as invoiced,
        sum(billed_hours) as billed_hours,
        max(billed_seats) as billed_seats,
        count(distinct case when amount > 0 then file end) as files
    from invoices
    group by month, provider
),

months as (
    select calendar.day as month
    from raw.calendar as calendar
    where calendar.day = month_of(calendar.day)
        and calendar.day >= (select min(month) from by_provider)
        and calendar.day <= as_of()
),

staff as (
    select distinct provider, month_of(day) as month
    from facts.headcount
),

-- Who billed one of the three months before and still has people there is expected to bill again;
-- of a provider that no roster knows by this name, nobody can tell that it has left.
expected as (
    select distinct months.month, earlier.provider
    from months
    inner join by_provider as earlier
        on earlier.month < months.month
        and earlier.month >= month_of(add_days(months.month, -80))
    left join staff on staff.provider = earlier.provider and staff.month = months.month
    where staff.provider is not null
        or earlier.provider not in (select provider from staff)
),

missing as (
    select expected.month, count(*) as providers
    from expected
    left join by_provider using (month, provider)
    where by_provider.provider is null
    group by expected.month
),

-- A line that was refused asked for money too: for its month, if it says one, or for one of its file.
refused as (
    select file, identity
    from staging.quarantine
    where feed = 'invoices'
        and not is_closed
),

incomplete as (
    select months.month
    from months
    inner join refused on substr(refused.identity, 1, 10) = cast(months.month as string)
    union
    select month
    from staging.invoices
    inner join refused using (file)
    where refused.identity is null
),

billed as (
    select
        month,
        sum(invoiced) as invoiced,
        sum(billed_hours) as billed_hours,
        sum(billed_seats) as billed_seats,
        max(files) as files
    from by_provider
    group by month
),

trained as (
    select month_of(day) as month, sum(hours) as hours, sum(cost) as cost
    from staging.training
    group by month_of(day)
),

stated as (
    select
        months.month,
        case
            when last_day_of_month(months.month) > as_of() then 'open'
            when billed.files > 1 then 'billed_twice'
            when incomplete.month is not null then 'incomplete'
            when billed.month is null or missing.providers > 0 then 'waiting'
            else 'invoiced'
        end as state,
        billed.invoiced,
        billed.billed_hours,
        billed.billed_seats,
        coalesce(trained.hours, 0) as training_hours,
        coalesce(trained.cost, 0) as training_cost,
        own_management() as own_management
    from months
    left join billed using (month)
    left join missing using (month)
    left join incomplete using (month)
    left join trained using (month)
)

select
    month,
    state,
    site_currency() as currency,
    cast(invoiced as decimal(38, 15)) as invoiced,
    cast(billed_hours as decimal(38, 15)) as billed_hours,
    cast(billed_seats as decimal(38, 15)) as billed_seats,
    cast(training_hours as decimal(38, 15)) as training_hours,
    cast(training_cost as decimal(38, 15)) as training_cost,
    cast(own_management as decimal(38, 15)) as own_management,
    -- Of narrower decimals than it has room for: where a sum may have more digits, Spark rounds it.
    cast(
        case
            when state = 'invoiced'
                then cast(invoiced as decimal(34, 15))
                    + cast(training_cost as decimal(34, 15))
                    + cast(coalesce(own_management, 0) as decimal(34, 15))
        end
        as decimal(38, 15)
    ) as cost
from stated
