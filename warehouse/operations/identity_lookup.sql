-- One row a time that somebody asked who a pseudonym is: who asked, why, and whether there was one.
-- Read by whoever answers for the data; nothing deletes from it.
create table identity_lookup (
    identity_lookup_id integer primary key,
    asked_at text not null,
    asked_by text not null,
    pseudonym text not null,
    reason text,
    was_found integer not null check (was_found in (0, 1))
) strict;
