-- One row a time somebody said "I have seen it": of which incident, up to which of its changes, until
-- when nothing shall be said (null: only no reminders), who, by which way, when. Append-only.
-- `event_key` makes a click one, however often Slack delivers it.
create table acknowledgement (
    acknowledgement_id integer primary key,
    event_key text not null unique,
    incident_id text not null references incident,
    change_number integer not null,
    snoozed_until text,
    acknowledged_by text not null,
    way text not null check (way in ('slack', 'command')),
    acknowledged_at text not null
) strict;

create trigger acknowledgement_is_not_replaced before insert on acknowledgement
when exists (
    select 1
    from acknowledgement
    where acknowledgement_id = new.acknowledgement_id or event_key = new.event_key
)
begin
    select raise(abort, 'acknowledgement is append-only');
end;

create trigger acknowledgement_is_not_updated before update on acknowledgement
begin
    select raise(abort, 'acknowledgement is append-only');
end;

create trigger acknowledgement_is_not_deleted before delete on acknowledgement
begin
    select raise(abort, 'acknowledgement is append-only');
end;
