-- One row a run of a flow: what was asked, over which input, how it ended.
-- Read by the dashboard's data health and by whoever asks why a night is missing.
create table run (
    run_id integer primary key,
    flow text not null,
    as_of text not null,
    state text not null check (state in ('running', 'done', 'rejected', 'failed')),
    started_at text not null,
    ended_at text,
    input_hash text,
    error text
) strict;
