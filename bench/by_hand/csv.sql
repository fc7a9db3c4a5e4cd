-- The file with explicit types: nothing sniffed, nothing quoted.
create temp view csv as
select *
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

-- To ask what a zone's clocks show takes longer than to look it up: once for each hour there may be.
create temp table hours as
select hour, cast(timezone('Europe/Paris', make_timestamptz(epoch_us(hour))) as date) as day
from range(timestamp '1999-01-01', timestamp '2003-01-01', interval 1 hour) as hours (hour);
