-- One row a night judged over one input under one policy: the key that makes judging happen once.
-- A night judged again (late file, new policy) gets a new row; the newest of a night is in force.
create table judging (
    judging_id integer primary key,
    as_of text not null,
    input_hash text not null,
    policy_version text not null,
    judged_at text not null,
    unique (as_of, input_hash, policy_version)
) strict;

create trigger judging_is_not_replaced before insert on judging
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

create trigger judging_is_not_updated before update on judging
begin
    select raise(abort, 'judging is append-only');
end;

create trigger judging_is_not_deleted before delete on judging
begin
    select raise(abort, 'judging is append-only');
end;
