-- Each metric from the day on from which the table of its family was written anew, which longer windows
-- were each from a day of its own; hires, which are written anew for 91 days each night, from the first
-- that there is or was on them.
with hires as (
    select day
    from metrics.hires
    union all
    select day
    from metrics.scoped
    where metric = 'early_attrition'
)

select
    definition.metric,
    sinces.since
from metrics.definition as definition
inner join raw.sinces as sinces on sinces.model = concat('metrics.', definition.family)
where definition.family <> 'hires'
union all
select metric, since
from raw.due
where model = 'metrics.longer_windows'
union all
select 'early_attrition', min(hires.day)
from hires
inner join raw.sinces as sinces on sinces.model = 'metrics.hires' and sinces.since <= hires.day
