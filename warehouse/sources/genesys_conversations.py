"""The sessions of a Genesys Cloud conversation that make legs: of queues, agents and voicemail.

A conversation has participants, and a participant has sessions.
"""

from collections.abc import Iterator
from datetime import datetime

from warehouse.sources.genesys_sessions import (
    AGENT,
    QUEUE,
    VOICEMAIL,
    Segment,
    Session,
    medium_of,
)
from warehouse.sources.json_fields import (
    Json,
    loosely,
    moment,
    objects,
    required,
    text,
    value_at,
    word,
)

# Sessions beside the one that serves the customer: screens shared, supervisors who listen in.
COMPANIONS = ("cobrowse", "screenshare", "screenmonitoring")
LISTENERS = ("monitoredParticipantId", "coachedParticipantId", "bargedParticipantId")


def said_by(conversation: Json) -> Iterator[tuple[Json, Json]]:
    """Every participant with each of its sessions, as the source has them."""
    required(value_at(conversation, "participants"), "participants")
    for participant in objects(conversation, "participants"):
        for said in objects(participant, "sessions"):
            yield participant, said


def sessions_of(conversation: Json, time_zone: str) -> list[Session]:
    """The sessions that may be legs, or say what became of one, in order of time."""
    end = moment(conversation, "conversationEnd", time_zone)
    found = [
        Session(participant, said, _segments(said, end, time_zone))
        for participant, said in said_by(conversation)
        if _counts(participant, said)
    ]
    return sorted(found, key=lambda session: (session.start, session.session_id))


def rung_in_vain(conversation: Json) -> set[str]:
    """The queues for which an agent was rung who did not answer."""
    return {
        queue
        for participant, said in said_by(conversation)
        if word(participant, "purpose") == AGENT and not _has_interact(said)
        for segment in objects(said, "segments")
        if (queue := loosely(text, segment, "queueId"))
    }


def _has_interact(said: Json) -> bool:
    return any(word(segment, "segmentType") == "interact" for segment in objects(said, "segments"))


def _counts(participant: Json, said: Json) -> bool:
    purpose = word(participant, "purpose")
    if purpose != AGENT:
        return purpose in (QUEUE, VOICEMAIL)
    is_beside = medium_of(said) in COMPANIONS or any(said.get(field) for field in LISTENERS)
    # An agent who dials out works for nobody in the queue, unless the dialling is a callback.
    is_outbound = word(said, "direction") == "outbound" and medium_of(said) != "callback"
    return _has_interact(said) and not is_beside and not is_outbound


def _segments(said: Json, conversation_end: datetime | None, time_zone: str) -> list[Segment]:
    segments = [
        Segment(
            (text(segment, "segmentType") or "unknown").lower(),
            required(moment(segment, "segmentStart", time_zone), "segmentStart"),
            moment(segment, "segmentEnd", time_zone) or conversation_end,
            text(segment, "queueId"),
            word(segment, "disconnectType") or "",
            loosely(text, segment, "wrapUpCode"),
        )
        for segment in required(objects(said, "segments") or None, "segments")
    ]
    return sorted(segments, key=lambda segment: segment.start)
