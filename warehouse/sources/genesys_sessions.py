"""A session of a Genesys Cloud conversation.

It has segments (what happened, in turn) and metrics (milliseconds, counts), which belong to that
session alone.
"""

from dataclasses import dataclass, field
from datetime import datetime

from warehouse.sources.json_fields import Json, number, objects, required, text, word

QUEUE, AGENT, VOICEMAIL = "acd", "agent", "voicemail"
SPOKEN = ("interact", "hold")


def medium_of(said: Json) -> str:
    """What kind of contact a session is; one that does not say is a call."""
    return word(said, "mediaType") or "voice"


@dataclass(frozen=True)
class Segment:
    """`end` is None while it lasts."""

    kind: str
    start: datetime
    end: datetime | None
    queue: str | None
    ended_by: str
    wrap_up_code: str | None

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds() if self.end else 0.0


@dataclass(frozen=True)
class Session:
    """A session; `segments` in order of time, at least one."""

    participant: Json
    said: Json = field(repr=False)
    segments: list[Segment]

    @property
    def purpose(self) -> str | None:
        return word(self.participant, "purpose")

    @property
    def medium(self) -> str:
        return medium_of(self.said)

    @property
    def session_id(self) -> str:
        return required(text(self.said, "sessionId"), "sessionId")

    @property
    def start(self) -> datetime:
        return self.segments[0].start

    @property
    def answered_at(self) -> datetime:
        return next(s.start for s in self.segments if s.kind == "interact")

    @property
    def queue(self) -> str | None:
        """The queue it worked for, or was."""
        return next((s.queue for s in self.segments if s.queue), None)

    @property
    def is_open(self) -> bool:
        return any(segment.end is None for segment in self.segments)

    def is_handed_on_in(self, *kinds: str) -> bool:
        """Whether a segment of these kinds ended by a transfer."""
        return any("transfer" in s.ended_by for s in self.segments if s.kind in kinds)

    def spent_in(self, *kinds: str) -> float:
        """Seconds of the segments of these kinds."""
        return sum(segment.seconds for segment in self.segments if segment.kind in kinds)

    @property
    def length_seconds(self) -> float:
        """From the beginning of the first segment to the latest end of one."""
        ends = [segment.end for segment in self.segments if segment.end]
        return (max(ends) - self.start).total_seconds() if ends else 0.0

    @property
    def wrapped_up_in(self) -> float:
        """Seconds of wrap-up, those before the talk ended or of two at once not counted twice."""
        reached = max(s.end or s.start for s in self.segments if s.kind in SPOKEN)
        seconds = 0.0
        for segment in self.segments:
            if segment.kind == "wrapup" and segment.end and segment.end > reached:
                seconds += (segment.end - max(segment.start, reached)).total_seconds()
                reached = segment.end
        return seconds

    def metric(self, name: str) -> float | None:
        """The sum of every metric with exactly this name, or None if there is none."""
        found = [
            required(number({name: metric.get("value")}, name), name)
            for metric in objects(self.said, "metrics")
            if metric.get("name") == name
        ]
        return sum(found) if found else None

    def timed(self, name: str) -> float | None:
        """The same of a metric in milliseconds, as seconds."""
        milliseconds = self.metric(name)
        return None if milliseconds is None else milliseconds / 1000
