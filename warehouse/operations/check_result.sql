-- One row a rule checked in a run, passed or not: the data-quality state of that night.
-- Joined to the verdicts by the run's as_of and input_hash.
create table check_result (
    check_result_id integer primary key,
    run_id integer not null references run,
    suite text not null,
    rule text not null,
    severity text not null check (severity in ('critical', 'warning')),
    is_success integer not null check (is_success in (0, 1)),
    observed text not null
) strict;
