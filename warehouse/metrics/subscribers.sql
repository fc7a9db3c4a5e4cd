-- Grain: metric and local day, of the whole service, in months whose subscribers are known.
-- Why: contacts per thousand subscribers and month. 12 / 365.25 is written out, as a decimal: engines
-- do not round alike where they make a decimal of a double.
-- since: first difference
with offered as (
    select day, sum(offered) as contacts
    from metrics.contact_sums
    group by day
)

select
    'contacts_per_thousand_subscribers' as metric,
    calendar.day,
    cast(null as string) as provider,
    cast(null as string) as queue,
    cast(null as string) as reason,
    cast(null as string) as tenure_band,
    cast(null as string) as agent_id,
    cast(1000 * coalesce(offered.contacts, 0) as decimal(38, 15)) as numerator,
    cast(subscribers.subscribers * 0.0328542094455852156 as decimal(38, 15)) as denominator
from raw.calendar as calendar
inner join staging.subscribers as subscribers on subscribers.month = month_of(calendar.day)
left join offered on offered.day = calendar.day
where calendar.day <= as_of()
    and calendar.day >= (select min(day) from staging.calls)
