-- As metrics.headcount.
select
    least(
        (select min(since) from raw.due where metric = 'agent_turnover'),
        (select min(since) from raw.sinces where model in ('facts.hires', 'facts.departures'))
    ) as since
