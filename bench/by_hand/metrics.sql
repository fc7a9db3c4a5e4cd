-- The rows of metrics.daily that come of calls, out of `calls`: written for this one case, without
-- late files, rosters or days to be left alone, and with each table read as seldom as can be.
create temp table several_legs as
select contact_id
from calls
group by contact_id
having count(*) > 1;

create temp table contacts as
with ends as (
    select
        *,
        outcome = 'handled' as is_handled,
        queued_at + to_microseconds(cast(cast(wait_seconds as double) * 1000000 as bigint))
            as answered_at,
        queued_at + to_microseconds(
            cast(cast(wait_seconds + talk_seconds + hold_seconds as double) * 1000000 as bigint)
        ) as ended_at,
        talk_seconds + hold_seconds + wrap_seconds as handle_seconds
    from calls
)

select
    contact_id,
    day,
    queued_at,
    ended_at,
    queue,
    reason,
    customer_id,
    case when is_handled then agent_id end as agent_id,
    is_handled,
    outcome,
    cast(wait_seconds as double) as wait_seconds,
    case when is_handled then handle_seconds else 0 end as handle_seconds
from ends
where contact_id not in (from several_legs)
union all
select
    contact_id,
    min(day),
    min(queued_at) as first_at,
    max(ended_at),
    coalesce(arg_min(queue, (queued_at, call_id)) filter (where queue <> 'unknown'), 'unknown'),
    coalesce(arg_min(reason, (queued_at, call_id)) filter (where reason <> 'unknown'), 'unknown'),
    arg_min(customer_id, (queued_at, call_id)) filter (where customer_id is not null),
    arg_min(agent_id, (queued_at, call_id)) filter (where is_handled),
    bool_or(is_handled),
    case when bool_or(is_handled) then 'handled' else arg_max(outcome, (queued_at, call_id)) end,
    date_diff(
        'microsecond',
        min(queued_at),
        coalesce(
            arg_min(answered_at, (queued_at, call_id)) filter (where is_handled),
            arg_max(answered_at, (queued_at, call_id))
        )
    ) / 1000000,
    coalesce(sum(handle_seconds) filter (where is_handled), 0)
from ends
where contact_id in (from several_legs)
group by contact_id;

-- Hardly any contacts overlap: each of the others is an episode.
create temp table episodes as
with reached as (
    select
        customer_id, reason, day, queue, agent_id, queued_at, ended_at, is_handled, contact_id,
        max(ended_at) over (
            partition by customer_id, reason order by queued_at, contact_id
            rows between unbounded preceding and 1 preceding
        ) as reached_at,
        lead(queued_at) over (
            partition by customer_id, reason order by queued_at, contact_id
        ) as next_queued_at
    from contacts
    where customer_id is not null
),

numbered as (
    select
        *,
        sum(case when queued_at < reached_at then 0 else 1 end) over (
            partition by customer_id, reason order by queued_at, contact_id
            rows between unbounded preceding and current row
        ) as number
    from reached
    where queued_at < reached_at or next_queued_at < ended_at
)

select
    reason, day, queue, case when is_handled then agent_id end as agent_id,
    queued_at as started_at, ended_at, is_handled, reached_at as previous_ended_at,
    next_queued_at as next_started_at
from reached
where coalesce(queued_at >= reached_at, true) and coalesce(next_queued_at >= ended_at, true)
union all
select
    reason,
    min(day),
    arg_min(queue, (queued_at, contact_id)),
    arg_min(agent_id, (queued_at, contact_id)) filter (where is_handled),
    min(queued_at),
    max(ended_at),
    bool_or(is_handled),
    case when count(*) = count(reached_at) then min(reached_at) end,
    case when count(*) = count(next_queued_at) then max(next_queued_at) end
from numbered
group by customer_id, reason, number;

create table daily as
with legs as (
    select
        day, queue, reason, agent_id,
        count(*) as legs,
        count(*) filter (where is_transferred) as transferred,
        sum(talk_seconds) as talk,
        sum(hold_seconds) as hold,
        sum(wrap_seconds) as wrap
    from calls
    where outcome = 'handled'
    group by all
),

contact_sums as (
    select
        day, queue, reason, agent_id,
        count(*) as offered,
        count(*) filter (where is_handled) as handled,
        count(*) filter (where is_handled and wait_seconds <= 20) as in_time,
        count(*) filter (where outcome = 'abandoned') as abandoned,
        count(*) filter (where outcome = 'abandoned' and wait_seconds <= 5) as short,
        sum(wait_seconds) filter (where is_handled) as waited,
        count(customer_id) filter (where is_handled) as identified,
        sum(handle_seconds) filter (where is_handled) as handle_seconds
    from contacts
    group by all
),

offered as (
    select
        day, queue, reason,
        sum(offered) as offered,
        sum(handled) as handled,
        sum(in_time) as in_time,
        sum(abandoned) as abandoned,
        sum(short) as short,
        sum(waited) as waited
    from contact_sums
    group by all
),

handled as (
    select day, queue, reason, agent_id, handled as contacts, identified, handle_seconds
    from contact_sums
    where handled > 0
),

span as (
    select
        min(day) as first_day,
        timezone('UTC', timezone('Europe/Paris', cast(min(day) as timestamp))) + to_days(7)
            as openers_from,
        timezone('UTC', timezone('Europe/Paris', cast(max(day) + 1 as timestamp))) as ends_at
    from calls
),

settled as (
    select
        day, queue, reason, agent_id,
        coalesce(next_started_at <= ended_at + to_days(7), false) as is_repeated,
        coalesce(next_started_at <= ended_at + to_days(14), false) as is_repeated_14,
        coalesce(next_started_at <= ended_at + to_days(30), false) as is_repeated_30,
        coalesce(started_at > previous_ended_at + to_days(7), true)
            and started_at >= openers_from as is_opener,
        coalesce(started_at > previous_ended_at + to_days(14), true) as is_opener_14,
        coalesce(started_at > previous_ended_at + to_days(30), true) as is_opener_30
    from episodes, span
    where is_handled and ended_at + to_days(7) <= ends_at
),

resolved as (
    select
        day, queue, reason, agent_id,
        count(*) as episodes,
        count(*) filter (where is_repeated) as repeated,
        count(*) filter (where is_opener) as openers,
        count(*) filter (where is_opener and not is_repeated) as resolved,
        count(*) filter (where is_repeated_14) as repeated_14,
        count(*) filter (where is_opener_14) as openers_14,
        count(*) filter (where is_opener_14 and not is_repeated_14) as resolved_14,
        count(*) filter (where is_repeated_30) as repeated_30,
        count(*) filter (where is_opener_30) as openers_30,
        count(*) filter (where is_opener_30 and not is_repeated_30) as resolved_30
    from settled
    group by all
),

-- Longer windows are about whole days, on all of which episodes are old enough.
too_young as (
    select
        min(day) filter (where ended_at + to_days(14) > ends_at) as from_14,
        min(day) filter (where ended_at + to_days(30) > ends_at) as from_30
    from contacts, span
    where customer_id is not null
),

longer as (
    select
        day, queue, reason,
        day < from_14 as is_old_14,
        day < from_30 as is_old_30,
        day >= first_day + 14 as opens_14,
        day >= first_day + 30 as opens_30,
        sum(episodes) as episodes,
        sum(repeated_14) as repeated_14, sum(openers_14) as openers_14,
        sum(resolved_14) as resolved_14,
        sum(repeated_30) as repeated_30, sum(openers_30) as openers_30,
        sum(resolved_30) as resolved_30
    from resolved, span, too_young
    group by all
)

select
    'average_handle_time' as metric, day, queue, reason, agent_id,
    cast(talk + hold + wrap as double) as numerator, legs as denominator
from legs
union all select 'average_talk_time', day, queue, reason, agent_id, talk, legs from legs
union all select 'average_hold_time', day, queue, reason, agent_id, hold, legs from legs
union all select 'average_wrap_time', day, queue, reason, agent_id, wrap, legs from legs
union all select 'transfer_rate', day, queue, reason, agent_id, transferred, legs from legs
union all
select 'handle_time_per_contact', day, queue, reason, agent_id, handle_seconds, contacts
from handled
union all
select 'identified_share', day, queue, reason, agent_id, identified, contacts from handled
union all
select 'average_speed_of_answer', day, queue, reason, null, coalesce(waited, 0), handled
from offered
where handled > 0
union all
select 'service_level', day, queue, reason, null, in_time, offered - short
from offered
where offered > short
union all
select 'abandonment_rate', day, queue, reason, null, abandoned - short, offered - short
from offered
where offered > short
union all
select 'first_call_resolution', day, queue, reason, agent_id, resolved, openers
from resolved
where openers > 0
union all
select 'repeat_call_rate', day, queue, reason, agent_id, repeated, episodes from resolved
union all
select 'first_call_resolution_14_days', day, queue, reason, null, resolved_14, openers_14
from longer
where is_old_14 and opens_14 and openers_14 > 0
union all
select 'first_call_resolution_30_days', day, queue, reason, null, resolved_30, openers_30
from longer
where is_old_30 and opens_30 and openers_30 > 0
union all
select 'repeat_call_rate_14_days', day, queue, reason, null, repeated_14, episodes
from longer
where is_old_14
union all
select 'repeat_call_rate_30_days', day, queue, reason, null, repeated_30, episodes
from longer
where is_old_30;
