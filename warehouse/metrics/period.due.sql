-- For each metric, the period_end from which on its periods are written anew: the earliest day of
-- the facts it follows, or of those who took its calls (whether a group is large enough to be shown
-- depends on them), or its first period that is not final, by what is known tonight; and in any case
-- from the earlier of the previous and the new as_of on, where weeks and months are cut off, or where
-- longer windows end.
with written as (
    select metric, sinces.since
    from metrics.definition
    inner join raw.sinces as sinces on sinces.model = concat('metrics.', family)
    union all
    select metric, since
    from raw.due
    where model = 'metrics.longer_windows'
)

select
    history.metric,
    least(
        written.since,
        people.since,
        (
            select min(period_end)
            from metrics.period as period
            where period.metric = history.metric
                and (not is_final or period_end > history.final_through)
        ),
        case
            when history.family = 'longer_windows' then add_days(previous_as_of(), -definition.lag_days)
            else previous_as_of()
        end,
        case
            when history.family = 'longer_windows' then add_days(as_of(), -definition.lag_days)
            else as_of()
        end
    ) as since
from metrics.history as history
inner join metrics.definition as definition on definition.metric = history.metric
inner join written on written.metric = history.metric
inner join raw.sinces as people on people.model = 'metrics.fifth_agent'
