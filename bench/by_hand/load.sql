-- (b) The work of a load, the file being hashed and archived: raw rows with pseudonyms as Parquet,
-- then the newest version of each call. `hidden_customers`, `hidden_agents`: identity, pseudonym.
copy (
    select
        call_id,
        contact_id,
        queued_at,
        queue,
        reason,
        customers.pseudonym as customer_id,
        agents.pseudonym as agent_id,
        wait_seconds,
        talk_seconds,
        hold_seconds,
        wrap_seconds,
        outcome,
        is_transferred,
        updated_at,
        said.rowid as line
    from said
    left join hidden_customers as customers on customers.identity = said.customer_id
    left join hidden_agents as agents on agents.identity = said.agent_id
) to 'raw.parquet' (format parquet, compression zstd, compression_level 1, row_group_size 122880);

drop table said;

create temp table several as
select call_id
from 'raw.parquet'
group by call_id
having count(*) > 1;

create temp table calls as
with versions as (
    select * exclude (line, updated_at)
    from 'raw.parquet'
    where call_id not in (from several)
    union all
    select * exclude (line, updated_at)
    from 'raw.parquet'
    where call_id in (from several)
    qualify row_number() over (
        partition by call_id order by updated_at desc nulls last, line desc
    ) = 1
)

select versions.*, day
from versions
left join hours on hours.hour = date_trunc('hour', queued_at);
