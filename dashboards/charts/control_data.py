"""What a control chart shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from dashboards.charts.axes import y_domain
from dashboards.control import Judged


@dataclass(frozen=True)
class Estimate:
    """A period that is not final: its figure so far or its provisional one, with a band or none."""

    start: date
    end: date
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ControlChart:
    """What one chart shows. `unit` is the metric's, `grain` day, week or month.

    `judged` and `estimates` are in the order of time, the latter after the former; `events` have
    the numbers under which the page lists them.
    """

    grain: str
    unit: str
    judged: Sequence[Judged]
    estimates: Sequence[Estimate]
    target: float | None
    direction: str | None
    events: Sequence[tuple[int, date]]
    x_domain: tuple[date, date]
    description: str

    @cached_property
    def y_domain(self) -> tuple[float, float]:
        """Room for figures, target and, unless they would flatten all else, limits."""
        values = [one.observation.value for one in self.judged]
        values += [one.value for one in self.estimates]
        values += [] if self.target is None else [self.target]
        limits = [
            limit
            for one in self.judged
            if one.reference
            for limit in one.reference.limits(one.observation.start)
        ]
        return y_domain(values, limits, self.unit)


def period_end(start: date, grain: str) -> date:
    """Last day of the day, week or month that begins on a day."""
    if grain == "day":
        return start
    if grain == "week":
        return start + timedelta(days=6)
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def middle(start: date, end: date) -> float:
    """The place of a period on an axis of day numbers."""
    return (start.toordinal() + end.toordinal() + 1) / 2
