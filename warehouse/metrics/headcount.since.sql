-- The periods of agent turnover that are written anew, or the first whose hires or departures differ.
with periods as (
    select since
    from raw.due
    where model = 'metrics.period'
        and metric = 'agent_turnover'
)

select
    least(
        (select since from periods),
        (select min(since) from raw.sinces where model in ('facts.hires', 'facts.departures'))
    ) as since
