-- Grain: one spell of employment of one agent, as the rosters known on as_of report it.
-- Why: a roster is a whole snapshot; the newest one that names an agent rules, corrections of the
-- past included, and an agent who vanishes without a word has left all the same.
with snapshots as (
    select
        snapshot_on,
        file,
        max(rows_quarantined) = 0 as is_complete,
        row_number() over (partition by snapshot_on order by max(arrival) desc) as place
    from raw.roster
    inner join ledger.files using (file)
    where snapshot_on <= as_of()
    group by snapshot_on, file
),

reported as (
    select
        roster.*,
        row_number() over (
            partition by snapshot_on, agent_id, hired_on order by line desc
        ) as place
    from raw.roster
    inner join (select snapshot_on, file from snapshots where place = 1) using (snapshot_on, file)
),

ruling as (
    select
        agent_id,
        max(snapshot_on) as snapshot_on
    from reported
    group by agent_id
),

current_spells as (
    select reported.*
    from reported
    inner join ruling using (agent_id, snapshot_on)
    where reported.place = 1
),

-- A spell once reported as ended stays ended when later snapshots drop it.
dropped_spells as (
    select
        reported.*,
        row_number() over (partition by agent_id, hired_on order by snapshot_on desc) as recency
    from reported
    where place = 1
        and left_on is not null
        and not exists (
            select 1
            from current_spells
            where current_spells.agent_id = reported.agent_id
                and current_spells.hired_on <= reported.left_on
                and coalesce(current_spells.left_on, as_of()) >= reported.hired_on
        )
),

spells as (
    select agent_id, provider, team, role, hired_on, left_on, leave_reason, fte, snapshot_on
    from current_spells
    union all
    select agent_id, provider, team, role, hired_on, left_on, leave_reason, fte, snapshot_on
    from dropped_spells
    where recency = 1
),

-- The first snapshot without the agent, for those whom the newest one does not name. A roster with
-- rows in quarantine proves nobody's absence.
first_absence as (
    select
        ruling.agent_id,
        min(snapshots.snapshot_on) as absent_on
    from ruling
    inner join snapshots on snapshots.snapshot_on > ruling.snapshot_on
    where snapshots.place = 1 and snapshots.is_complete
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
