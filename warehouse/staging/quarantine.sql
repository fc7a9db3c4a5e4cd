-- Grain: one rejected row: file, line and rule it broke.
-- Why: a row that is loaded later under the same identity (warehouse/sources/columns.py says how it is
-- made) closes the entry; of rosters, one of the same date or a later one; of invoices, one of another
-- file, for an invoice has many lines. A row of which nobody can tell what it was stays open.
-- marts.quarantine and facts.costs read it.
with entries as (
    select
        files.feed,
        quarantine.identity,
        quarantine.said_on,
        files.arrival,
        quarantine.file,
        quarantine.line,
        quarantine.rule
    from raw.quarantine as quarantine
    inner join ledger.files as files using (file)
),

loaded as (
    select 'calls' as feed, record_id as identity, cast(null as date) as said_on, file, line
    from raw.calls
    union all
    select
        'calls', cast(happened_at as string) || '|' || call_id || '|' || event, null, file, line
    from raw.queue_events
    union all
    select 'roster', agent_id, snapshot_on, file, line
    from raw.roster
    union all
    select
        'evaluations',
        cast(evaluated_on as string) || '|' || agent_id || '|' || coalesce(call_id, ''),
        null,
        file,
        line
    from raw.evaluations
    union all
    select 'satisfaction', call_id, null, file, line
    from raw.satisfaction
    union all
    select 'customers', cast(month as string), null, file, line
    from raw.customers
    union all
    select 'invoices', cast(month as string) || '|' || provider, null, file, line
    from raw.invoices
    union all
    select 'training', cast(day as string) || '|' || agent_id, null, file, line
    from raw.training
),

mended as (
    select distinct entries.file, entries.line
    from entries
    inner join loaded using (feed, identity)
    inner join ledger.files as files on files.file = loaded.file
    where (
            files.arrival > entries.arrival
            or (
                loaded.file = entries.file
                and loaded.line > entries.line
                and entries.feed <> 'invoices'
            )
        )
        and coalesce(loaded.said_on >= entries.said_on, true)
)

select
    entries.file,
    entries.line,
    entries.rule,
    entries.feed,
    entries.identity,
    mended.line is not null as is_closed
from entries
left join mended using (file, line)
