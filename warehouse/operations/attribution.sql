-- One row a metric, part and judging: why the metric changed that night and what turnover costs, in
-- the metric's unit. `gap` says why there is no estimate. The parts of a change add up to `change`;
-- `standing_cost` has no reference. No agent is named: agents and cells are counts.
-- Append-only: an audit trail that nothing rewrites.
create table attribution (
    judging_id integer not null references judging,
    as_of text not null,
    metric text not null,
    part text not null check (
        part in (
            'change', 'reason_mix', 'replacement', 'growth', 'earlier_hires', 'performance',
            'standing_cost'
        )
    ),
    estimate real,
    low real,
    high real,
    level real not null,
    gap text,
    agents integer,
    cells integer,
    contacts real,
    reference_contacts real,
    reference_start text,
    reference_end text,
    window_start text not null,
    window_end text not null,
    is_backfilled integer not null check (is_backfilled in (0, 1)),
    definition_version text not null,
    policy_version text not null,
    primary key (judging_id, metric, part),
    check ((estimate is null) = (gap is not null))
) strict, without rowid;

create trigger attribution_is_not_replaced before insert on attribution
when exists (
    select 1
    from attribution
    where (judging_id, metric, part) = (new.judging_id, new.metric, new.part)
)
begin
    select raise(abort, 'attribution is append-only');
end;

create trigger attribution_is_not_updated before update on attribution
begin
    select raise(abort, 'attribution is append-only');
end;

create trigger attribution_is_not_deleted before delete on attribution
begin
    select raise(abort, 'attribution is append-only');
end;
