-- One row a change of an incident that had a reason to be said, numbered from 1 in each incident.
-- Muted changes are here too: muted is not forgotten.
create table incident_change (
    incident_id text not null references incident,
    change_number integer not null,
    as_of text not null,
    reason text not null check (
        reason in ('opened', 'reopened', 'worsened', 'recovered', 'reminder', 'escalated')
    ),
    severity text not null,
    is_muted integer not null check (is_muted in (0, 1)),
    headline text not null,
    changed_at text not null,
    primary key (incident_id, change_number)
) strict, without rowid;
