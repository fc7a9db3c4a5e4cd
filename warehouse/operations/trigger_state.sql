-- One row a repatriation trigger and judging: its state that night and the evidence for it.
-- Append-only: an audit trail that nothing rewrites. `norms` is a JSON list of names.
create table trigger_state (
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

create trigger trigger_state_is_not_replaced before insert on trigger_state
when exists (
    select 1
    from trigger_state
    where (judging_id, "trigger") = (new.judging_id, new."trigger")
)
begin
    select raise(abort, 'trigger_state is append-only');
end;

create trigger trigger_state_is_not_updated before update on trigger_state
begin
    select raise(abort, 'trigger_state is append-only');
end;

create trigger trigger_state_is_not_deleted before delete on trigger_state
begin
    select raise(abort, 'trigger_state is append-only');
end;
