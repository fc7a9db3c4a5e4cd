-- One row a message to deliver, written with the change that caused it; its key makes it one.
-- `unconfirmed` is also the state while an attempt is under way: should the process die there,
-- nobody knows whether the message arrived, and the next delivery looks before it sends.
-- `route` is whose channel it goes to; until `not_before` it is held back (quiet hours). `picture` is
-- a PNG, `file_id` what Slack calls it once it was uploaded.
-- `parent_key` is the message it hangs on: the thread of a reply, the message an edit changes.
create table outbox (
    outbox_id integer primary key,
    message_key text not null unique,
    kind text not null check (kind in ('parent', 'reply', 'edit', 'summary')),
    incident_id text references incident,
    parent_key text references outbox (message_key),
    route text not null default 'manager' check (route in ('manager', 'director')),
    not_before text,
    payload text not null,
    picture blob,
    file_id text,
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
