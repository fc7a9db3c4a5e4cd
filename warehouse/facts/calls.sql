-- Grain: one leg that was queued or handled, with what is known of its agent on its day.
-- Why: the one place where call log and roster meet. Metrics and analysts read it.
-- since: staging.calls, facts.headcount
-- view
select
    calls.day,
    calls.call_id,
    calls.contact_id,
    calls.queued_at,
    calls.queue,
    calls.reason,
    calls.customer_id,
    calls.agent_id,
    coalesce(headcount.provider, 'unknown') as provider,
    coalesce(headcount.tenure_band, 'unknown') as tenure_band,
    calls.wait_seconds,
    calls.talk_seconds,
    calls.hold_seconds,
    calls.wrap_seconds,
    calls.talk_seconds + calls.hold_seconds + calls.wrap_seconds as handle_seconds,
    calls.outcome,
    calls.outcome = 'handled' as is_handled,
    calls.is_transferred
from staging.calls as calls
left join facts.headcount as headcount using (day, agent_id)
where calls.outcome <> 'ignored'
