-- One row an incident, as it is now: the memory that lets a night speak of changes only.
create table incident (
    incident_id text primary key,
    subject text not null,
    severity text not null check (
        severity in ('breached', 'triggered', 'rejected', 'warning')
    ),
    state text not null check (state in ('open', 'resolved')),
    opened_on text not null,
    reopened_on text,
    changed_on text not null,
    said_on text,
    resolved_on text,
    escalated_on text,
    is_muted integer not null check (is_muted in (0, 1))
) strict;
