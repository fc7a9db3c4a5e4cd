-- For each metric, the period_end from which on its periods are written anew: the earliest day of
-- the facts it follows, or its first period that was not final. Whether a group is large enough to
-- be shown follows those who took its calls, also where few of these were evaluated.
select
    definition.metric,
    least(
        sinces.since,
        case when definition.family = 'evaluations' then people.since end,
        (
            select min(period_end)
            from metrics.period as period
            where period.metric = definition.metric and not is_final
        )
    ) as since
from metrics.definition as definition
inner join raw.sinces as sinces on sinces.model = concat('metrics.', definition.family)
inner join raw.sinces as people on people.model = 'metrics.fifth_agent'
