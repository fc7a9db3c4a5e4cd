-- Grain: window (rolling_365, history) and scope (all, provider, cohort of hire): how long people stay.
-- Why: the median stay, whether groups differ (log-rank, the same for all of a kind), and the share of
-- novices at which the team will settle if people go on leaving so. checks/survival.py fills what is
-- null here. Groups of fewer than five are closed, and the next smallest if one would be alone.
with groups as (
    select
        grain,
        period_start,
        period_end,
        scope_kind,
        scope,
        group_agents,
        cast(sum(agents) as bigint) as agent_days,
        cast(sum(case when tenure_days < 90 then agents else 0 end) as bigint) as novice_agent_days,
        cast(sum(departures) as bigint) as departures,
        scope_kind <> 'all' and group_agents < 5 as is_small
    from metrics.tenure_days
    group by grain, period_start, period_end, scope_kind, scope, group_agents
),

placed as (
    select
        *,
        sum(case when is_small then 1 else 0 end) over (
            partition by grain, scope_kind
        ) as small_groups,
        row_number() over (
            partition by grain, scope_kind, is_small order by group_agents, scope
        ) as place
    from groups
),

closed as (
    select
        *,
        is_small or (scope_kind <> 'all' and small_groups = 1 and place = 1) as is_suppressed
    from placed
)

select
    grain,
    period_start,
    period_end,
    scope_kind,
    scope,
    case when not is_suppressed then group_agents end as agents,
    case when not is_suppressed then departures end as departures,
    case when not is_suppressed then agent_days end as agent_days,
    case when not is_suppressed then novice_agent_days end as novice_agent_days,
    cast(null as double) as median_days,
    cast(null as double) as median_low,
    cast(null as double) as median_high,
    cast(null as double) as settled_novice_share,
    cast(null as double) as settled_low,
    cast(null as double) as settled_high,
    cast(null as double) as rate_novice_share,
    cast(null as double) as rate_low,
    cast(null as double) as rate_high,
    cast(null as double) as log_rank_statistic,
    cast(null as bigint) as log_rank_degrees,
    cast(null as double) as log_rank_p,
    is_suppressed
from closed
