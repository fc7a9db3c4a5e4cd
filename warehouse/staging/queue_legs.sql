-- Grain: one leg: one visit to a queue with its end. What is not finished is no leg, yet or ever.
-- Why: an attended transfer may split a customer's call over two call ids, so an end without its
-- talk and an answer without its entry look for what they lack. staging.calls reads it.
with visits as (
    select *
    from staging.queue_visits
    where day >= add_days(since(), -1)
),

-- A transfer out of a talk that did not begin under its call id ends the one of the same agent in
-- the same queue that began when it says or, if it does not say, his latest.
found_talks as (
    select
        strays.call_id as stray_call_id,
        strays.visit as stray_visit,
        talks.call_id,
        talks.visit,
        row_number() over (
            partition by strays.call_id, strays.visit
            order by talks.connected_at desc nulls last, talks.call_id, talks.visit
        ) as place
    from visits as strays
    inner join visits as talks using (queue, agent_id)
    where strays.ending = 'transferred'
        and strays.connected_at is null
        and talks.call_id <> strays.call_id
        and talks.connected_at >= add_days_to_time(strays.ended_at, -1)
        and talks.connected_at <= strays.ended_at
        and case
            when strays.talk_seconds is null
                then talks.ended_at is null or talks.ended_at >= strays.ended_at
            else strays.entered_at is null
                and abs(seconds_between(talks.began_at, strays.began_at)) <= 2
        end
),

handovers as (
    select stray_call_id, stray_visit, call_id, visit
    from found_talks
    where place = 1
),

-- A talk ends once: a transfer has no other end after it.
ends as (
    select
        coalesce(handovers.call_id, visits.call_id) as call_id,
        coalesce(handovers.visit, visits.visit) as visit,
        visits.ended_at,
        visits.ending,
        visits.ending in ('completed', 'transferred') as is_handled,
        visits.ending_wait_seconds,
        visits.talk_seconds,
        visits.file,
        visits.line,
        row_number() over (
            partition by
                coalesce(handovers.call_id, visits.call_id),
                coalesce(handovers.visit, visits.visit)
            order by visits.ended_at nulls last, visits.call_id, visits.visit
        ) as place
    from visits
    left join handovers
        on handovers.stray_call_id = visits.call_id
        and handovers.stray_visit = visits.visit
    where visits.ended_at is not null
),

-- Who is answered in a queue that he did not enter took the place that another call id held there
-- since then: that of the consultation, whatever end it has, or of a call that has none.
found_places as (
    select
        waits.call_id as stray_call_id,
        waits.visit as stray_visit,
        waits.entered_at,
        answers.call_id,
        answers.visit,
        row_number() over (
            partition by answers.call_id, answers.visit
            order by
                handovers.call_id nulls last,
                abs(seconds_between(waits.entered_at, answers.began_at)) nulls last,
                waits.call_id,
                waits.visit
        ) as place
    from visits as waits
    inner join visits as answers using (queue)
    left join handovers
        on handovers.stray_call_id = waits.call_id
        and handovers.call_id = answers.call_id
    where waits.connected_at is null
        and answers.connected_at is not null
        and answers.entered_at is null
        and answers.call_id <> waits.call_id
        and waits.entered_at >= add_seconds(answers.began_at, -2)
        and waits.entered_at <= add_seconds(answers.began_at, 2)
        and (waits.ended_at is null or handovers.call_id is not null)
),

swaps as (
    select
        *,
        row_number() over (
            partition by stray_call_id, stray_visit order by call_id, visit
        ) as turn
    from found_places
    where place = 1
),

finished as (
    select
        visits.call_id,
        visits.visit,
        visits.queue,
        visits.customer_id,
        case when ends.is_handled then visits.agent_id end as agent_id,
        coalesce(swaps.entered_at, visits.began_at) as queued_at,
        case when ends.is_handled then visits.connected_at end as connected_at,
        case when ends.is_handled then visits.connection_wait_seconds end as connection_wait_seconds,
        ends.ended_at,
        ends.ending,
        ends.is_handled,
        ends.ending_wait_seconds,
        ends.talk_seconds,
        ends.file,
        ends.line
    from visits
    inner join ends
        on ends.call_id = visits.call_id
        and ends.visit = visits.visit
        and ends.place = 1
    left join swaps
        on swaps.call_id = visits.call_id
        and swaps.visit = visits.visit
        and swaps.turn = 1
    left join swaps as gone
        on gone.stray_call_id = visits.call_id
        and gone.stray_visit = visits.visit
        and gone.turn = 1
    where gone.call_id is null
),

-- The numbers given, those of the answer first; the clock where there are none.
timed as (
    select
        *,
        coalesce(
            connection_wait_seconds,
            ending_wait_seconds,
            seconds_between(
                queued_at, coalesce(connected_at, add_seconds(ended_at, -talk_seconds))
            )
        ) as wait_seconds,
        coalesce(
            talk_seconds,
            seconds_between(
                coalesce(connected_at, add_seconds(queued_at, ending_wait_seconds)), ended_at
            )
        ) as spoken_seconds
    from finished
)

select
    local_day(queued_at) as day,
    case when visit = 1 then call_id else concat(call_id, '/', visit) end as call_id,
    call_id as contact_id,
    queued_at,
    queue,
    'unknown' as reason,
    customer_id,
    agent_id,
    cast(case when wait_seconds < 0 then 0 else wait_seconds end as decimal(18, 6)) as wait_seconds,
    cast(case when spoken_seconds < 0 then 0 else spoken_seconds end as decimal(18, 6))
        as talk_seconds,
    cast(0 as decimal(18, 6)) as hold_seconds,
    cast(0 as decimal(18, 6)) as wrap_seconds,
    case when is_handled then 'handled' else ending end as outcome,
    ending = 'transferred' as is_transferred,
    cast(null as timestamp) as updated_at,
    file,
    line
from timed
where queued_at >= day_start(since())
    and queued_at < day_start(add_days(as_of(), 1))
    and wait_seconds is not null
    and spoken_seconds is not null
