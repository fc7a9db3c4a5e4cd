-- One row a norm, scope and judging: what was said of it that night, with figures and versions.
-- is_detected: the early detector has fired, and its chart is not back at zero yet.
-- chart: the early detector's, in shares of its limit (1 fires); charted_after: the last day before
-- it, where a recovery began it anew.
-- Append-only: an audit trail that nothing rewrites, `insert or replace` included.
create table verdict (
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
    is_detected integer not null default 0 check (is_detected in (0, 1)),
    chart real,
    charted_after text,
    primary key (judging_id, norm, scope_kind, scope)
) strict, without rowid;

create trigger verdict_is_not_replaced before insert on verdict
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

create trigger verdict_is_not_updated before update on verdict
begin
    select raise(abort, 'verdict is append-only');
end;

create trigger verdict_is_not_deleted before delete on verdict
begin
    select raise(abort, 'verdict is append-only');
end;
