-- Grain: period and scope, those of agent turnover: the team on the period's last day (headcount,
-- mean_tenure_days), and in it: mean headcount, agent-days (of novices, too), hires and departures.
-- Why: how large and how settled the team is. Groups that turnover closes are closed here, too.
-- by: period_end
with periods as (
    select grain, period_start, period_end, scope_kind, scope, is_final, is_suppressed
    from metrics.period
    where metric = 'agent_turnover'
        and period_end >= since()
),

days as (
    select *
    from metrics.team_days
    where day >= add_days(since(), -366)
),

sums as (
    select
        periods.grain,
        periods.period_end,
        periods.scope_kind,
        periods.scope,
        cast(sum(case when days.day = periods.period_end then days.agents end) as bigint)
            as headcount,
        sum(case when days.day = periods.period_end then days.tenure_days end) as tenure_days,
        cast(sum(days.agents) as bigint) as agent_days,
        cast(sum(days.novices) as bigint) as novice_agent_days,
        cast(sum(days.replacements) as bigint) as replacement_hires,
        cast(sum(days.growth_hires) as bigint) as growth_hires,
        cast(sum(days.departures) as bigint) as departures
    from periods
    inner join days
        on days.scope_kind = periods.scope_kind
        and days.scope = periods.scope
        and days.day >= periods.period_start
        and days.day <= periods.period_end
    where not periods.is_suppressed
    group by periods.grain, periods.period_end, periods.scope_kind, periods.scope
)

select
    periods.grain,
    periods.period_start,
    periods.period_end,
    periods.scope_kind,
    periods.scope,
    case when not is_suppressed then coalesce(sums.headcount, 0) end as headcount,
    cast(sums.tenure_days as double) / nullif(cast(sums.headcount as double), 0)
        as mean_tenure_days,
    sums.agent_days,
    sums.novice_agent_days,
    sums.replacement_hires,
    sums.growth_hires,
    sums.departures,
    periods.is_final,
    periods.is_suppressed
from periods
left join sums using (grain, period_end, scope_kind, scope)
