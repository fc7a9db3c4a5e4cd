-- Incidents can come back and be escalated; messages have a route, wait for the end of quiet hours and
-- carry a picture.
alter table incident add column reopened_on text;
alter table incident add column escalated_on text;

create table incident_change_next (
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
insert into incident_change_next select * from incident_change;
drop table incident_change;
alter table incident_change_next rename to incident_change;

alter table outbox
add column route text not null default 'manager' check (route in ('manager', 'director'));
alter table outbox add column not_before text;
alter table outbox add column picture blob;
alter table outbox add column file_id text;
