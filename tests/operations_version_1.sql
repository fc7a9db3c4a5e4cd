-- What a site of version 1 has: one judged night, with its incident and its message.
CREATE TABLE check_result (
    check_result_id integer primary key,
    run_id integer not null references run,
    suite text not null,
    rule text not null,
    severity text not null check (severity in ('critical', 'warning')),
    is_success integer not null check (is_success in (0, 1)),
    observed text not null
) strict;
CREATE TABLE incident (
    incident_id text primary key,
    subject text not null,
    severity text not null check (
        severity in ('breached', 'triggered', 'rejected', 'warning')
    ),
    state text not null check (state in ('open', 'resolved')),
    opened_on text not null,
    changed_on text not null,
    said_on text,
    resolved_on text,
    is_muted integer not null check (is_muted in (0, 1))
) strict;
INSERT INTO "incident" VALUES('norm:service_level:all:all@2000-03-09','norm:service_level:all:all','breached','open','2000-03-09','2000-03-09','2000-03-09',NULL,0);
CREATE TABLE incident_change (
    incident_id text not null references incident,
    change_number integer not null,
    as_of text not null,
    reason text not null check (reason in ('opened', 'worsened', 'recovered', 'reminder')),
    severity text not null,
    is_muted integer not null check (is_muted in (0, 1)),
    headline text not null,
    changed_at text not null,
    primary key (incident_id, change_number)
) strict, without rowid;
INSERT INTO "incident_change" VALUES('norm:service_level:all:all@2000-03-09',1,'2000-03-09','opened','breached',0,'headline 1','2000-03-10T01:15:00+00:00');
CREATE TABLE judging (
    judging_id integer primary key,
    as_of text not null,
    input_hash text not null,
    policy_version text not null,
    judged_at text not null,
    unique (as_of, input_hash, policy_version)
) strict;
INSERT INTO "judging" VALUES(1,'2000-03-09','i1','p1','2000-03-10T01:15:00+00:00');
CREATE TABLE outbox (
    outbox_id integer primary key,
    message_key text not null unique,
    kind text not null check (kind in ('parent', 'reply', 'edit', 'summary')),
    incident_id text references incident,
    parent_key text references outbox (message_key),
    payload text not null,
    state text not null check (
        state in ('pending', 'sent', 'printed', 'unconfirmed', 'failed')
    ),
    channel text,
    ts text,
    thread_ts text,
    attempts integer not null,
    error text,
    created_at text not null,
    updated_at text not null
) strict;
INSERT INTO "outbox" VALUES(1,'norm:service_level:all:all@2000-03-09:1','parent','norm:service_level:all:all@2000-03-09',NULL,'{"text": "norm:service_level:all:all@2000-03-09:1", "blocks": []}','pending',NULL,NULL,NULL,0,NULL,'2000-03-10T01:15:00+00:00','2000-03-10T01:15:00+00:00');
CREATE TABLE run (
    run_id integer primary key,
    flow text not null,
    as_of text not null,
    state text not null check (state in ('running', 'done', 'rejected', 'failed')),
    started_at text not null,
    ended_at text,
    input_hash text,
    error text
) strict;
CREATE TABLE trigger_state (
    judging_id integer not null references judging,
    as_of text not null,
    "trigger" text not null,
    state text not null check (state in ('clear', 'watch', 'triggered')),
    since text not null,
    norms text not null,
    evidence text not null,
    is_backfilled integer not null check (is_backfilled in (0, 1)),
    policy_version text not null,
    primary key (judging_id, "trigger")
) strict, without rowid;
INSERT INTO "trigger_state" VALUES(1,'2000-03-09','quality','watch','2000-03-09','["service_level:all:all", "first_call_resolution:all:all"]','Service level 77.4 % [75.1, 79.6].',0,'p1');
CREATE TABLE verdict (
    judging_id integer not null references judging,
    as_of text not null,
    norm text not null,
    metric text not null,
    scope_kind text not null,
    scope text not null,
    state text not null check (
        state in ('met', 'at_risk', 'breached', 'too_few', 'no_data', 'stale')
    ),
    value real,
    low real,
    high real,
    level real not null,
    target real not null,
    direction text not null check (direction in ('at_least', 'at_most')),
    window text not null,
    period_start text not null,
    period_end text not null,
    numerator real,
    denominator real,
    nights integer not null,
    since text not null,
    is_backfilled integer not null check (is_backfilled in (0, 1)),
    definition_version text not null,
    policy_version text not null,
    primary key (judging_id, norm, scope_kind, scope)
) strict, without rowid;
INSERT INTO "verdict" VALUES(1,'2000-03-09','service_level:all:all','service_level','all','all','breached',0.774,0.751,0.796,0.95,0.8,'at_least','rolling_28','2000-02-11','2000-03-09',13070.0,16888.0,7,'2000-03-09',0,'d1','p1');
CREATE TRIGGER judging_is_not_replaced before insert on judging
when exists (
    select 1
    from judging
    where
        judging_id = new.judging_id
        or (as_of, input_hash, policy_version)
            = (new.as_of, new.input_hash, new.policy_version)
)
begin
    select raise(abort, 'judging is append-only');
end;
CREATE TRIGGER judging_is_not_updated before update on judging
begin
    select raise(abort, 'judging is append-only');
end;
CREATE TRIGGER judging_is_not_deleted before delete on judging
begin
    select raise(abort, 'judging is append-only');
end;
CREATE TRIGGER trigger_state_is_not_replaced before insert on trigger_state
when exists (
    select 1
    from trigger_state
    where (judging_id, "trigger") = (new.judging_id, new."trigger")
)
begin
    select raise(abort, 'trigger_state is append-only');
end;
CREATE TRIGGER trigger_state_is_not_updated before update on trigger_state
begin
    select raise(abort, 'trigger_state is append-only');
end;
CREATE TRIGGER trigger_state_is_not_deleted before delete on trigger_state
begin
    select raise(abort, 'trigger_state is append-only');
end;
CREATE VIEW trigger_state_in_force as
select trigger_state.*
from trigger_state
where judging_id in (select max(judging_id) from judging group by as_of);
CREATE TRIGGER verdict_is_not_replaced before insert on verdict
when exists (
    select 1
    from verdict
    where
        (judging_id, norm, scope_kind, scope)
        = (new.judging_id, new.norm, new.scope_kind, new.scope)
)
begin
    select raise(abort, 'verdict is append-only');
end;
CREATE TRIGGER verdict_is_not_updated before update on verdict
begin
    select raise(abort, 'verdict is append-only');
end;
CREATE TRIGGER verdict_is_not_deleted before delete on verdict
begin
    select raise(abort, 'verdict is append-only');
end;
CREATE VIEW verdict_in_force as
select verdict.*
from verdict
where judging_id in (select max(judging_id) from judging group by as_of);
