"""From one night's reading to a state that lasts: what seven nights in a row say.

A single interval beyond its target is luck once in forty; a run of them rarely is.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

NIGHTS_SKIPPED = 3  # unjudged nights in a row that a run outlives: a long weekend without feed


class State(StrEnum):
    """A verdict; the last three say why there is none."""

    MET = "met"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    STALE = "stale"

    @property
    def is_judged(self) -> bool:
        """Whether the night counts."""
        return self in (State.MET, State.AT_RISK, State.BREACHED)


@dataclass(frozen=True)
class NightState:
    """What a norm's next night has to know of those before.

    `state` and `since` (its first night) are the last night's. `nights` counts the judged nights
    in a row with the whole interval on the wrong side. `standing` is the state of the last judged
    night (None: there was none), `standing_since` its first night, `skipped` the unjudged nights
    after it. The detector's charts hold the days after `charted_after` (None: all there are).
    """

    state: State
    since: date
    nights: int = 0
    skipped: int = 0
    standing: State | None = None
    standing_since: date | None = None
    charted_after: date | None = None


def advance(
    before: NightState | None,
    reading: State,
    night: date,
    nights_to_breach: int,
    *,
    is_detected: bool = False,
) -> NightState:
    """Return the state after one more night (`before` is None on a norm's first).

    `reading` is what this night says by itself: `met` or `at_risk` by the estimate, `breached` for
    the whole interval on the wrong side, or why it says nothing. The detector (`is_detected`) turns
    `met` into `at_risk`, before the estimate is on the wrong side. A breach is left only when the
    estimate is back on the good side, however long nobody could judge, and then for `met`.
    """
    if not reading.is_judged:
        return _skip(before, reading, night)
    nights = 0
    if reading is State.BREACHED:
        nights = 1 + (before.nights if before else 0)
    was_breached = before is not None and before.standing is State.BREACHED
    if reading is State.MET:
        state = State.AT_RISK if is_detected and not was_breached else State.MET
    elif was_breached or nights >= nights_to_breach:
        state = State.BREACHED
    else:
        state = State.AT_RISK
    since = night
    if before and before.standing is state and before.standing_since:
        since = before.standing_since
    charted_after = before.charted_after if before else None
    return NightState(state, since, nights, 0, state, since, charted_after)


def _skip(before: NightState | None, reading: State, night: date) -> NightState:
    """A night that cannot be judged neither counts nor breaks a run, three at most."""
    if before is None:
        return NightState(reading, night, skipped=1)
    skipped = before.skipped + 1
    return replace(
        before,
        state=reading,
        since=before.since if before.state is reading else night,
        nights=before.nights if skipped <= NIGHTS_SKIPPED else 0,
        skipped=skipped,
    )
