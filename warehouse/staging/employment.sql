-- Grain: one spell of employment of one agent, as the rosters known on as_of report it.
-- Why: a roster is a whole snapshot; the newest one that names an agent rules, corrections of the
-- past included, and an agent who vanishes without a word has left all the same.
with reported as (
    select
        roster.*,
        row_number() over (
            partition by snapshot_on, agent_id, hired_on order by line desc
        ) as place
    from raw.roster
    inner join staging.snapshots using (snapshot_on, file)
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
    where place = 1
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

-- The first complete snapshot without the agent, for those whom the newest one does not name.
first_absence as (
    select
        ruling.agent_id,
        min(snapshots.snapshot_on) as absent_on
    from ruling
    inner join staging.snapshots as snapshots on snapshots.snapshot_on > ruling.snapshot_on
    where snapshots.is_complete
    group by ruling.agent_id
)

select
    agent_id,
    provider,
    team,
    hired_on,
    coalesce(left_on, add_days(absent_on, -1)) as left_on,
    case when left_on is null and absent_on is not null then 'other' else leave_reason end
        as leave_reason,
    left_on is null and absent_on is not null as is_departure_inferred,
    fte,
    snapshot_on
from spells
left join first_absence using (agent_id)
where role = 'agent'
    -- Who was announced and is missing on the roster before his first day never came.
    and (left_on is not null or absent_on is null or absent_on > hired_on)
