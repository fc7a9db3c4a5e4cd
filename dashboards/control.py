"""Statistical process control: what a series does when nothing changes, and where it does more.

Individuals charts (XmR) with the rules and icons of the NHS programme "Making Data Count". Limits
come from a reference at the beginning of a stretch and stand until the next dated change that the
site names: limits that follow the figures would hide the very drift they are there to show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

# Points of the reference, and the fewest that limits may rest on: half a year, or a year of months.
REFERENCE = {"day": 182, "week": 26, "month": 12}
LEAST = {"day": 91, "week": 13, "month": 8}
BIAS_OF_TWO = 1.128  # d2: the mean range of two draws, in standard deviations
FAR, NEAR = 3.0, 2.0  # standard deviations: limits, and the zone next to them
RUN = 7  # points in a row on one side of the mean, or all rising, or all falling
WEEKDAYS = 7


class Signal(StrEnum):
    """Why a point is more than chance; the rules of "Making Data Count"."""

    BEYOND = "beyond"  # outside the limits
    SHIFT = "shift"  # one of seven in a row on one side of the mean
    TREND = "trend"  # one of seven in a row that rise, or fall
    NEAR_LIMIT = "near_limit"  # one of two in three near the same limit


@dataclass(frozen=True)
class Observation:
    """One period of a metric and its final value, in the metric's unit."""

    start: date
    value: float


@dataclass(frozen=True)
class Reference:
    """What is expected from `start` on: a mean, by day one for each weekday, and a deviation."""

    start: date
    means: tuple[float, ...]
    deviation: float

    def mean(self, day: date) -> float:
        """Mean of the periods that begin on `day`."""
        return self.means[day.weekday() % len(self.means)]

    def limits(self, day: date) -> tuple[float, float]:
        """Lower and upper limit of the periods that begin on `day`."""
        mean = self.mean(day)
        return mean - FAR * self.deviation, mean + FAR * self.deviation


@dataclass(frozen=True)
class Judged:
    """An observation, the reference in force (if any), its signal (if any) and on which side."""

    observation: Observation
    reference: Reference | None
    signal: Signal | None
    side: int


def judge(
    observations: Sequence[Observation], grain: str, rebased_on: Sequence[date]
) -> list[Judged]:
    """Each observation, oldest first, against the reference of its own stretch.

    `rebased_on`: days from which on another reference holds. A stretch that is too short for a
    reference (see `LEAST`) has none, and no signals.
    """
    starts = [date.min, *sorted(rebased_on), date.max]
    return [
        judged
        for first, after in pairwise(starts)
        for judged in _judge_stretch(
            [one for one in observations if first <= one.start < after], grain
        )
    ]


def _judge_stretch(stretch: Sequence[Observation], grain: str) -> list[Judged]:
    reference = _reference(stretch, grain)
    if reference is None:
        return [Judged(one, None, None, 0) for one in stretch]
    # Distances from the mean in standard deviations; without any variation, all or nothing.
    distances = [
        (one.value - reference.mean(one.start)) / (reference.deviation or 1e-12) for one in stretch
    ]
    return [
        Judged(one, reference, signal, (distance > 0) - (distance < 0))
        for one, distance, signal in zip(stretch, distances, _signals(distances), strict=True)
    ]


def _reference(stretch: Sequence[Observation], grain: str) -> Reference | None:
    """Mean, and deviation from the mean moving range, of the first observations of a stretch."""
    if len(stretch) < LEAST[grain]:
        return None
    used = stretch[: REFERENCE[grain]]
    means: tuple[float, ...] = (fmean(one.value for one in used),)
    if grain == "day":
        means = _weekday_means(used, means[0])
    rest = [one.value - means[one.start.weekday() % len(means)] for one in used]
    ranges = [abs(after - before) for before, after in pairwise(rest)]
    return Reference(stretch[0].start, means, fmean(ranges) / BIAS_OF_TWO)


def _weekday_means(used: Sequence[Observation], mean: float) -> tuple[float, ...]:
    """Monday to Sunday; the mean of all where a weekday never came."""
    by_weekday: list[list[float]] = [[] for _ in range(WEEKDAYS)]
    for one in used:
        by_weekday[one.start.weekday()].append(one.value)
    return tuple(fmean(values) if values else mean for values in by_weekday)


def _signals(distances: Sequence[float]) -> list[Signal | None]:
    """The strongest signal of each point, for distances from the mean in standard deviations."""
    found: list[Signal | None] = [None] * len(distances)
    for window, signal, holds in (
        (3, Signal.NEAR_LIMIT, _is_near_limit),
        (RUN, Signal.TREND, _is_trend),
        (RUN, Signal.SHIFT, _is_shift),
        (1, Signal.BEYOND, _is_beyond),
    ):
        for first in range(len(distances) - window + 1):
            if holds(distances[first : first + window]):
                for place in range(first, first + window):
                    if signal is not Signal.NEAR_LIMIT or abs(distances[place]) > NEAR:
                        found[place] = signal
    return found


def _is_beyond(window: Sequence[float]) -> bool:
    return abs(window[0]) > FAR


def _is_shift(window: Sequence[float]) -> bool:
    return min(window) > 0 or max(window) < 0


def _is_trend(window: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(window)]
    return min(steps) > 0 or max(steps) < 0


def _is_near_limit(window: Sequence[float]) -> bool:
    return _is_shift(window) and sum(abs(one) > NEAR for one in window) >= 2


def variation(judged: Sequence[Judged], direction: str | None) -> str:
    """The variation icon of the newest point.

    `common`, `improving_high`, `improving_low`, `concerning_high`, `concerning_low`; `neither_high`
    or `neither_low` where no norm says which way is better; `unknown` without limits.
    """
    newest = judged[-1] if judged else None
    if newest is None or newest.reference is None:
        return "unknown"
    if newest.signal is None:
        return "common"
    side = "high" if newest.side > 0 else "low"
    if direction is None:
        return f"neither_{side}"
    is_good = (newest.side > 0) == (direction == "at_least")
    return f"{'improving' if is_good else 'concerning'}_{side}"


def assurance(judged: Sequence[Judged], target: float | None, direction: str | None) -> str | None:
    """The assurance icon: will the target be met if nothing changes? `pass`, `fail`, `hit_or_miss`.

    `changing` while the newest point is a signal, for then something does change. By day, the
    limits of the newest day's weekday. None without target or limits.
    """
    newest = judged[-1] if judged else None
    if newest is None or newest.reference is None or target is None:
        return None
    if newest.signal is not None:
        return "changing"
    low, high = newest.reference.limits(newest.observation.start)
    if low <= target <= high:
        return "hit_or_miss"
    return "pass" if (target < low) == (direction == "at_least") else "fail"
