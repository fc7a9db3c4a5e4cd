-- Grain: one spell of employment as an agent, as the rosters known on as_of report it.
-- Why: a roster is a whole snapshot; the newest one that names an agent as such rules, corrections
-- of the past included. Who vanishes without a word, or has another role from some roster on, has
-- left the agents all the same, and his past stays.
with named as (
    select
        roster.*,
        row_number() over (
            partition by snapshot_on, agent_id, hired_on order by line desc
        ) as place
    from raw.roster
    inner join staging.snapshots using (snapshot_on, file)
),

reported as (
    select *
    from named
    where role = 'agent'
        and place = 1
),

ruling as (
    select
        agent_id,
        max(snapshot_on) as snapshot_on
    from reported
    group by agent_id
),

-- Each spell as it was reported, with the newest snapshot that says so.
versions as (
    select
        *,
        row_number() over (
            partition by agent_id, hired_on, left_on order by snapshot_on desc
        ) as recency
    from reported
),

-- The newest report of an agent; and what was once reported as ended, unless a later snapshot has
-- another spell in its place: it stays ended when later snapshots drop it.
spells as (
    select versions.*
    from versions
    inner join ruling using (agent_id)
    where recency = 1
        and (
            versions.snapshot_on = ruling.snapshot_on
            or (
                versions.left_on is not null
                and not exists (
                    select 1
                    from versions as later
                    where later.recency = 1
                        and later.agent_id = versions.agent_id
                        and later.snapshot_on > versions.snapshot_on
                        and later.hired_on <= versions.left_on
                        and coalesce(later.left_on, as_of()) >= versions.hired_on
                )
            )
        )
),

-- The first snapshot with the agent in another role, of those after the one that rules.
first_move as (
    select
        ruling.agent_id,
        min(named.snapshot_on) as moved_on
    from ruling
    inner join named using (agent_id)
    where named.place = 1
        and named.snapshot_on > ruling.snapshot_on
    group by ruling.agent_id
),

-- The first complete snapshot without the agent, for those whom the newest one does not name.
first_absence as (
    select
        ruling.agent_id,
        min(snapshots.snapshot_on) as absent_on
    from ruling
    inner join staging.snapshots as snapshots on snapshots.snapshot_on > ruling.snapshot_on
    where snapshots.is_complete
    group by ruling.agent_id
),

inferred as (
    select
        agent_id,
        add_days(least(moved_on, absent_on), -1) as last_day,
        case when moved_on <= coalesce(absent_on, moved_on) then 'promotion' else 'other' end
            as reason
    from ruling
    left join first_move using (agent_id)
    left join first_absence using (agent_id)
)

select
    agent_id,
    provider,
    team,
    hired_on,
    coalesce(left_on, last_day) as left_on,
    case when left_on is null and last_day is not null then reason else leave_reason end
        as leave_reason,
    left_on is null and last_day is not null as is_departure_inferred,
    fte,
    snapshot_on
from spells
left join inferred using (agent_id)
-- Who was announced and is missing on the roster before his first day never came.
where left_on is not null
    or last_day is null
    or last_day >= hired_on
