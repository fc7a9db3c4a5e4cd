-- Grain: one row: for which day these marts are, and when calls were last heard of.
select
    as_of,
    input_hash,
    (select min(first_day) from metrics.history where base = 'calls') as first_data_on,
    (select max(day) from staging.calls) as last_data_on
from ledger.build
