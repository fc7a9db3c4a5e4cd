-- Grain: one stay of one call in one queue, finished or not, also those after as_of.
-- Why: events come late, twice, in any order, or never. Each says how long before it its visit began
-- (data1 the wait, data2 the talk, data3 the step), so those that agree, to two seconds, are of one
-- visit; one that does not say is of the latest visit before it. Those that agree with nothing go on
-- with what is not finished. staging.queue_legs reads it.
with touched as (
    select distinct call_id
    from raw.queue_events
    where happened_at >= day_start(since())
        and data3 not in ('aside', 'no_call', 'unknown')
),

events as (
    select
        call_id,
        queue,
        agent_id,
        customer_id,
        happened_at,
        add_seconds(
            happened_at, -(cast(data1 as decimal(18, 6)) + cast(data2 as decimal(18, 6)))
        ) as began_at,
        cast(data1 as decimal(18, 6)) as wait_seconds,
        cast(data2 as decimal(18, 6)) as talk_seconds,
        data3 as step,
        case when data3 in ('entered', 'connected') then data3 else 'ended' end as part,
        arrival,
        line,
        file
    from raw.queue_events
    inner join ledger.files using (file)
    where call_id in (select call_id from touched)
        and data3 not in ('aside', 'no_call', 'unknown')
),

-- Who enters at the very second of another event that does not say comes again.
placed as (
    select
        *,
        coalesce(began_at, happened_at) as placed_at,
        case when began_at is null then 0 when part = 'entered' then 1 else 2 end as turn
    from events
),

-- What began before, by those events that say so.
followed as (
    select
        *,
        max(began_at) over (
            partition by call_id, queue
            order by placed_at, turn, arrival, line
            rows between unbounded preceding and 1 preceding
        ) as began_before_at,
        max(case when part = 'entered' then happened_at end) over (
            partition by call_id, queue
            order by placed_at, turn, arrival, line
            rows between unbounded preceding and 1 preceding
        ) as entered_before_at
    from placed
),

-- Moments that follow each other within two seconds are one bunch ...
bunched as (
    select
        *,
        case
            when part = 'entered' and (entered_before_at is null or entered_before_at < happened_at)
                then 1
        end as entry,
        count(
            case
                when began_before_at is null or seconds_between(began_before_at, began_at) > 2
                    then began_at
            end
        ) over (
            partition by call_id, queue
            order by placed_at, turn, arrival, line
            rows between unbounded preceding and current row
        ) as bunch
    from followed
),

-- Who left as soon as he had come ended that stay, once, however often it is told ...
left_at_once as (
    select
        *,
        case
            when part = 'ended' and step not in ('completed', 'transferred') and wait_seconds <= 2
                then 1
            else 0
        end as is_early_exit,
        case
            when part = 'entered' then 0
            when part = 'ended' and step not in ('completed', 'transferred') then 1
            else 2
        end as exit_turn
    from bunched
),

exits as (
    select
        *,
        case
            when is_early_exit = 1
                and row_number() over (
                    partition by call_id, queue, bunch, happened_at, is_early_exit, wait_seconds
                    order by arrival, line
                ) = 1
                then 1
        end as early_exit
    from left_at_once
),

-- ... and one visit, unless the call entered more often, or had left: then one after the other. Of
-- what happens in the second of an entry, the end of any wait at all is that of the visit before. An
-- exit that does not say how long the wait was may be another word for the one before it.
counted as (
    select
        *,
        greatest(
            count(entry) over (
                partition by call_id, queue, bunch
                order by
                    happened_at,
                    case
                        when part = 'entered' then 1
                        when part = 'ended' and (began_at is null or began_at < happened_at) then 0
                        else 2
                    end,
                    arrival,
                    line
                rows between unbounded preceding and current row
            ),
            case
                when began_at is not null or exit_turn = 2
                    then 1 - is_early_exit + count(early_exit) over (
                        partition by call_id, queue, bunch
                        order by
                            happened_at, exit_turn, wait_seconds desc nulls last, arrival, line
                        rows between unbounded preceding and current row
                    )
            end,
            1
        ) as entries
    from exits
),

-- A clock that jumped, or a line written late: who entered or is answered and has no end goes on in
-- what comes next without a beginning. The end of a talk needs an answer by its agent: one that has
-- none may be that of another call id.
parts as (
    select
        call_id,
        queue,
        bunch,
        entries,
        min(happened_at) as first_at,
        max(case when part = 'entered' then 1 else 0 end) as is_entered,
        max(case when part = 'connected' then 1 else 0 end) as is_connected,
        max(case when part = 'ended' then 1 else 0 end) as is_ended,
        max(case when step in ('completed', 'transferred') then 1 else 0 end) as is_talk_ended,
        max(case when part = 'connected' then agent_id end) as connection_agent_id,
        max(case when part = 'ended' then agent_id end) as ending_agent_id
    from counted
    group by call_id, queue, bunch, entries
),

found_rests as (
    select
        rests.call_id,
        rests.queue,
        rests.bunch,
        rests.entries,
        begun.bunch as begun_bunch,
        begun.entries as begun_entries,
        row_number() over (
            partition by begun.call_id, begun.queue, begun.bunch, begun.entries
            order by rests.first_at nulls last, rests.bunch, rests.entries
        ) as place,
        row_number() over (
            partition by rests.call_id, rests.queue, rests.bunch, rests.entries
            order by begun.first_at desc nulls last, begun.bunch desc, begun.entries desc
        ) as begun_place
    from parts as begun
    inner join parts as rests
        on rests.call_id = begun.call_id
        and rests.queue = begun.queue
        and rests.first_at >= begun.first_at
        and (rests.bunch <> begun.bunch or rests.entries <> begun.entries)
    where begun.is_ended = 0
        and rests.is_entered = 0
        and case
            when rests.is_connected = 0 and rests.is_talk_ended = 1
                then begun.connection_agent_id = rests.ending_agent_id
            else begun.is_entered = 1 and begun.is_connected = 0
        end
),

gathered as (
    select
        counted.call_id,
        counted.queue,
        counted.agent_id,
        counted.customer_id,
        counted.happened_at,
        counted.began_at,
        counted.wait_seconds,
        counted.talk_seconds,
        counted.step,
        counted.part,
        counted.arrival,
        counted.line,
        counted.file,
        coalesce(found_rests.begun_bunch, counted.bunch) as bunch,
        coalesce(found_rests.begun_entries, counted.entries) as entries
    from counted
    left join found_rests
        on found_rests.call_id = counted.call_id
        and found_rests.queue = counted.queue
        and found_rests.bunch = counted.bunch
        and found_rests.entries = counted.entries
        and found_rests.place = 1
        and found_rests.begun_place = 1
),

-- The first of each part counts, whatever comes after it; the end of a talk more than that of a wait.
ranked as (
    select
        *,
        row_number() over (
            partition by call_id, queue, bunch, entries, part
            order by
                case when step in ('completed', 'transferred') then 0 else 1 end,
                happened_at,
                began_at nulls last,
                step desc,
                wait_seconds nulls last,
                agent_id nulls last,
                arrival,
                line
        ) as place
    from gathered
),

visits as (
    select
        call_id,
        queue,
        bunch,
        entries,
        min(happened_at) as first_at,
        min(case when part = 'entered' then happened_at end) as entered_at,
        max(case when part = 'entered' then customer_id end) as customer_id,
        max(case when part = 'connected' and place = 1 then happened_at end) as connected_at,
        max(case when part = 'connected' and place = 1 then began_at end) as connection_began_at,
        max(case when part = 'connected' and place = 1 then wait_seconds end)
            as connection_wait_seconds,
        max(case when part = 'connected' and place = 1 then agent_id end) as connection_agent_id,
        max(case when part = 'ended' and place = 1 then happened_at end) as ended_at,
        max(case when part = 'ended' and place = 1 then began_at end) as ending_began_at,
        max(case when part = 'ended' and place = 1 then wait_seconds end) as ending_wait_seconds,
        max(case when part = 'ended' and place = 1 then talk_seconds end) as talk_seconds,
        max(case when part = 'ended' and place = 1 then agent_id end) as ending_agent_id,
        max(case when part = 'ended' and place = 1 then step end) as ending,
        max(case when part = 'ended' and place = 1 then file end) as file,
        max(case when part = 'ended' and place = 1 then line end) as line
    from ranked
    group by call_id, queue, bunch, entries
),

-- Who left in the very second in which he had come entered again in it, if he came back: the second
-- entry looks like the first.
reentered as (
    select
        *,
        coalesce(
            entered_at,
            lag(case when ended_at = entered_at then entered_at end) over (
                partition by call_id, queue, bunch
                order by entries
            )
        ) as seen_at
    from visits
),

-- Of two visits of one second, that which ends first comes first.
numbered as (
    select
        *,
        coalesce(seen_at, connection_began_at, ending_began_at) as began_at,
        max(customer_id) over (partition by call_id) as caller_id,
        cast(
            row_number() over (
                partition by call_id
                order by
                    coalesce(seen_at, connection_began_at, ending_began_at) nulls last,
                    ended_at nulls last, queue, bunch, entries
            ) as integer
        ) as visit
    from reentered
)

select
    local_day(coalesce(began_at, first_at)) as day,
    call_id,
    visit,
    queue,
    caller_id as customer_id,
    coalesce(connection_agent_id, ending_agent_id) as agent_id,
    began_at,
    seen_at as entered_at,
    connected_at,
    connection_wait_seconds,
    ended_at,
    ending,
    ending_wait_seconds,
    talk_seconds,
    file,
    line
from numbered
where coalesce(began_at, first_at) >= day_start(since())
