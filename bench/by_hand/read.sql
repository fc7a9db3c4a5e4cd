-- (a) Nothing but reading: the CSV with explicit types, nothing sniffed, nothing quoted.
create temp table calls as
select
    call_id,
    contact_id,
    queued_at,
    cast(timezone('Europe/Paris', make_timestamptz(epoch_us(queued_at))) as date) as day,
    queue,
    reason,
    customer_id,
    agent_id,
    wait_seconds,
    talk_seconds,
    hold_seconds,
    wrap_seconds,
    outcome,
    is_transferred
from read_csv(
    getvariable('file'), auto_detect = false, header = true, delim = ',', quote = '', escape = '',
    nullstr = '',
    columns = {
        'call_id': 'varchar', 'contact_id': 'varchar', 'queued_at': 'timestamp',
        'queue': 'varchar', 'reason': 'varchar', 'customer_id': 'varchar', 'agent_id': 'varchar',
        'wait_seconds': 'decimal(18, 6)', 'talk_seconds': 'decimal(18, 6)',
        'hold_seconds': 'decimal(18, 6)', 'wrap_seconds': 'decimal(18, 6)', 'outcome': 'varchar',
        'is_transferred': 'boolean', 'updated_at': 'timestamp'
    }
);
