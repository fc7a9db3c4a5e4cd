"""What the sessions of a Genesys Cloud conversation say about its legs."""

from warehouse.sources.genesys_sessions import AGENT, QUEUE, SPOKEN, VOICEMAIL, Session
from warehouse.sources.json_fields import Unusable, required, text
from warehouse.sources.json_rows import Row


def legs_of(sessions: list[Session], rung: set[str], *, is_live: bool) -> list[tuple[Session, Row]]:
    """Each leg, pending ones included, with the session whose it is.

    Args:
        sessions: in order of time.
        rung: the queues for which an agent was rung who did not answer.
        is_live: something in the conversation has not ended yet.
    """
    answers = _answers(sessions)
    first: dict[str, Session] = {}
    for agent, queue in answers:
        first.setdefault(queue.session_id, agent)
    answered = first.keys()
    legs = [(agent, _answered(agent, queue, first[queue.session_id])) for agent, queue in answers]
    legs += [
        (session, _unanswered(session, sessions, rung, is_live=is_live))
        for session in sessions
        if session.purpose == QUEUE and session.session_id not in answered
    ]
    return [(session, {"call_id": session.session_id} | leg) for session, leg in legs]


def _answers(sessions: list[Session]) -> list[tuple[Session, Session]]:
    """Each agent's session that a queue passed on, with the session of that queue."""
    queues = [s for s in sessions if s.purpose == QUEUE and required(s.queue, "queueId")]
    left = [q for q in queues if q.metric("tAbandon") is None and q.metric("tFlowOut") is None]
    found = []
    for agent in sessions:
        if agent.purpose == AGENT:
            before = [q for q in left if q.queue == agent.queue and q.start <= agent.answered_at]
            found += [(agent, before[-1])] if before else []
    return found


def _answered(agent: Session, queue: Session, first: Session) -> Row:
    """An agent's leg; one who took over from the `first` who answered has no wait of his own."""
    leg: Row = {"queued_at": queue.start, "queue": queue.queue}
    if agent.is_open:
        return leg | {"status": "pending"}
    codes = [segment.wrap_up_code for segment in agent.segments if segment.wrap_up_code]
    told = (session.timed("tAnswered") for session in (agent, queue, first))
    shown = (first.answered_at - queue.start).total_seconds()
    return leg | {
        "status": "leg",
        "reason": codes[-1] if codes else "unknown",
        "agent_id": text(agent.participant, "userId"),
        "wait_seconds": next((wait for wait in told if wait is not None), shown),
        "talk_seconds": _part(agent, "tTalk", agent.spent_in("interact")),
        "hold_seconds": _part(agent, "tHeld", agent.spent_in("hold")),
        "wrap_seconds": _part(agent, "tAcw", agent.wrapped_up_in),
        "outcome": "handled",
        "is_transferred": bool(agent.metric("nTransferred")) or agent.is_handed_on_in(*SPOKEN),
    }


def _part(agent: Session, metric: str, shown: float) -> float:
    """Seconds told by the metric; or, in a session without times, shown by its segments."""
    told = agent.timed(metric)
    if told is not None:
        return told
    return shown if agent.metric("tTalk") is None else 0.0


def _unanswered(queue: Session, sessions: list[Session], rung: set[str], *, is_live: bool) -> Row:
    """A queue's session that no agent answered: what became of the customer."""
    leg: Row = {"queued_at": queue.start, "queue": queue.queue, "status": "leg"}
    abandoned, flowed_out = queue.timed("tAbandon"), queue.timed("tFlowOut")
    following = [s.purpose for s in sessions if s.start > queue.start and s.purpose != AGENT]
    elsewhere = "voicemail" if following[:1] == [VOICEMAIL] else "overflow"
    if abandoned is not None:
        return leg | {"wait_seconds": abandoned, "outcome": "abandoned"}
    if flowed_out is not None:
        return leg | {"wait_seconds": flowed_out, "outcome": elsewhere}
    is_passed_on = queue.is_handed_on_in("delay", "interact")
    if queue.is_open or (is_live and is_passed_on and not following):
        return leg | {"status": "pending"}
    if _is_perhaps_answered(queue, sessions):
        raise Unusable("queueId is missing")
    # "Passed on" says no more than to an agent: he may not have answered.
    is_elsewhere = following or (is_passed_on and queue.queue not in rung)
    outcome = elsewhere if is_elsewhere else "abandoned"
    return leg | {
        "wait_seconds": queue.length_seconds,
        "outcome": "callback" if queue.medium == "callback" else outcome,
    }


def _is_perhaps_answered(queue: Session, sessions: list[Session]) -> bool:
    """Whether the first who spoke next says no queue: then nobody knows for which he worked."""
    later = [s for s in sessions if s.start >= queue.start and s is not queue]
    return later[:1] != [] and later[0].purpose == AGENT and later[0].queue is None
